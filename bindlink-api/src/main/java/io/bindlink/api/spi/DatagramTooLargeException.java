package io.bindlink.api.spi;

import java.io.IOException;

/**
 * A datagram is larger than the interface it would leave by takes, or than the path is known to take, and was not sent:
 * {@code EMSGSIZE} of a socket that does not fragment (RFC 8899 section 3).
 */
public final class DatagramTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param bytes the datagram's size, without the headers of UDP and IP
     */
    public DatagramTooLargeException(int bytes) {
        super("a datagram of " + bytes + " bytes is larger than the way out takes");
    }
}
