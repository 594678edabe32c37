package io.bindlink.core;

import io.bindlink.core.crypto.Suite;

/** How datagrams are sealed. Immutable. */
public enum CipherSuite {
    /** AES-256 in GCM: the faster one where the processor has instructions for AES. */
    AES_256_GCM(Suite.AES_256_GCM),
    /** ChaCha20-Poly1305: the faster one elsewhere. */
    CHACHA20_POLY1305(Suite.CHACHA20_POLY1305);

    private final Suite suite;

    CipherSuite(Suite suite) {
        this.suite = suite;
    }

    Suite suite() {
        return suite;
    }
}
