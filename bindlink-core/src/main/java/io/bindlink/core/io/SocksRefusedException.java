package io.bindlink.core.io;

/** A proxy turned a request down in a way that telling it another source address may mend. */
final class SocksRefusedException extends DatagramsRefusedException {
    private static final long serialVersionUID = 1L;

    SocksRefusedException(LinkFailure kind, String message) {
        super(kind, message);
    }
}
