package io.bindlink.core.io;

import java.io.IOException;

/** A proxy turned a request down in a way that telling it another source address may mend. */
final class SocksRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    SocksRefusedException(String message) {
        super(message);
    }
}
