package io.bindlink.core.io;

/** What a SOCKS5 server says when it turns a request down (RFC 1928 section 6), for people. Immutable. */
final class Socks5Reply {
    private static final int GENERAL_FAILURE = 1;
    private static final int NOT_ALLOWED = 2;
    private static final int COMMAND = 7;
    private static final int ADDRESS_TYPE = 8;

    private Socks5Reply() {}

    /**
     * A line's end that follows the proxy's name.
     *
     * @param reply 1..255
     * @return for example {@code does not support UDP (SOCKS reply 7, command not supported)}
     */
    static String text(int reply) {
        return switch (reply) {
            case GENERAL_FAILURE -> "failed to set up a UDP relay (SOCKS reply 1, general server failure)";
            case NOT_ALLOWED -> "does not allow UDP for us (SOCKS reply 2, not allowed by its rules)";
            case 3 -> "has no network (SOCKS reply 3, network unreachable)";
            case 4 -> "reaches no host (SOCKS reply 4, host unreachable)";
            case 5 -> "was refused (SOCKS reply 5, connection refused)";
            case 6 -> "ran out of time (SOCKS reply 6, TTL expired)";
            case COMMAND -> "does not support UDP (SOCKS reply 7, command not supported)";
            case ADDRESS_TYPE -> "does not take our kind of address (SOCKS reply 8, address type not supported)";
            default -> "refused for an unknown reason (SOCKS reply " + reply + ")";
        };
    }

    /** What kind of failure the answer is. */
    static LinkFailure kind(int reply) {
        return switch (reply) {
            case NOT_ALLOWED, 5 -> LinkFailure.REFUSED;
            case 6 -> LinkFailure.TIMEOUT;
            case COMMAND -> LinkFailure.NO_UDP;
            default -> LinkFailure.OTHER;
        };
    }

    /** The same for a request to connect. */
    static LinkFailure connectKind(int reply) {
        return reply == COMMAND ? LinkFailure.OTHER : kind(reply);
    }

    /**
     * The same for a request to connect.
     *
     * @param reply 1..255
     * @return for example {@code could not connect to the master (SOCKS reply 5, connection refused)}
     */
    static String connectText(int reply) {
        return switch (reply) {
            case GENERAL_FAILURE -> "could not connect to the master (SOCKS reply 1, general server failure)";
            case NOT_ALLOWED -> "does not allow a connection to the master (SOCKS reply 2, not allowed by its rules)";
            case 3 -> "could not connect to the master (SOCKS reply 3, network unreachable)";
            case 4 -> "could not connect to the master (SOCKS reply 4, host unreachable)";
            case 5 -> "could not connect to the master (SOCKS reply 5, connection refused)";
            case 6 -> "could not connect to the master (SOCKS reply 6, TTL expired)";
            case COMMAND -> "does not support connections (SOCKS reply 7, command not supported)";
            default -> text(reply);
        };
    }

    /** Whether a strict server may give this answer to a request that does not tell the client's own address. */
    static boolean mayDependOnSource(int reply) {
        return reply == GENERAL_FAILURE || reply == NOT_ALLOWED || reply == ADDRESS_TYPE;
    }
}
