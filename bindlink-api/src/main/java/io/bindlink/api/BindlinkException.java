package io.bindlink.api;

/** Something a user can mend: its message is one line that says what is wrong and what to do. */
public class BindlinkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of mistake it was. */
    private final Code code;

    /** Kinds of failure; each is an exit code of the command line. */
    public enum Code {
        /** Something went wrong while running. */
        RUNTIME(1),
        /** The call or command line makes no sense. */
        USAGE(2),
        /** A setting, file or key is invalid. */
        CONFIG(3),
        /** The tun device cannot be had, or a permission is missing. */
        TUN_UNAVAILABLE(4),
        /** The peer refused, or does not share the key. */
        REFUSED(5),
        /** No usable link, or the peer was not reached in time. */
        UNREACHABLE(6),
        /** No running node was found, or it is not the caller's to ask. */
        NOT_RUNNING(7);

        private final int exitCode;

        Code(int exitCode) {
            this.exitCode = exitCode;
        }

        /**
         * The command line's exit code for this kind of failure.
         *
         * @return 1..7
         */
        public int exitCode() {
            return exitCode;
        }
    }

    /**
     * A failure without a cause worth showing.
     *
     * @param code what kind
     * @param message one line: what is wrong and what to do
     */
    public BindlinkException(Code code, String message) {
        super(message);
        this.code = code;
    }

    /**
     * A failure with its cause.
     *
     * @param code what kind
     * @param message one line: what is wrong and what to do
     * @param cause what was caught
     */
    public BindlinkException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /**
     * What kind of failure it is.
     *
     * @return the code
     */
    public Code code() {
        return code;
    }
}
