package io.bindlink.core.io;

/** A proxy is there and lets us in, but relays no datagrams: a connection through it may do. */
class DatagramsRefusedException extends LinkFailedException {
    private static final long serialVersionUID = 1L;

    DatagramsRefusedException(LinkFailure kind, String message) {
        super(kind, message);
    }
}
