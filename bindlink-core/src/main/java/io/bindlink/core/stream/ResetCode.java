package io.bindlink.core.stream;

/** Why a stream ended before its time. */
public enum ResetCode {
    /** Whoever had the stream gave it up. */
    CANCELLED(0),
    /** The peer takes no stream, or not this one, or no further one. */
    REFUSED(1),
    /** What the stream was to be joined to could not be reached. */
    UNREACHABLE(2),
    /** The peer sent what makes no sense in a stream. */
    PROTOCOL(3),
    /** The peer may not join a stream to what was asked for. */
    NOT_ALLOWED(4),
    /** What the stream was to be joined to is there and refused the connection. */
    CONNECTION_REFUSED(5),
    /** What the stream was to be joined to has a name that nobody knows. */
    NO_SUCH_HOST(6),
    /** What the stream was to be joined to did not answer in time. */
    TIMED_OUT(7),
    /** The session ended and took undelivered bytes with it. Never on the wire. */
    SESSION_ENDED(255);

    private final int wire;

    ResetCode(int wire) {
        this.wire = wire;
    }

    /** The byte in a RESET message. */
    int wire() {
        return wire;
    }

    /** The code behind a byte; one that a newer peer has and this end does not know is read as {@link #CANCELLED}. */
    static ResetCode of(int wire) {
        for (ResetCode code : values()) {
            if (code.wire == wire && code != SESSION_ENDED) {
                return code;
            }
        }
        return CANCELLED;
    }
}
