package io.bindlink.core.stream;

import java.io.IOException;

/** Tells that a stream ended before its time: bytes on their way, either way, are gone. */
public class StreamResetException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    private final ResetCode code;

    /**
     * A stream's untimely end.
     *
     * @param code why
     * @param text the same for people, one line
     */
    public StreamResetException(ResetCode code, String text) {
        super(text);
        this.code = code;
    }

    /**
     * Why the stream ended.
     *
     * @return the code
     */
    public ResetCode code() {
        return code;
    }
}
