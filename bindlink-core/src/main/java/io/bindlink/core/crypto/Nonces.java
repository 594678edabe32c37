package io.bindlink.core.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The nonces of datagrams: link id (1 byte) | zeros (3) | packet number (8, big-endian). Immutable.
 */
final class Nonces {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int NUMBER_OFFSET = Suite.NONCE_LENGTH - Long.BYTES;

    private Nonces() {}

    /** Writes the nonce of a datagram; the bytes between id and number stay zero. */
    static void write(byte[] nonce, int linkId, long number) {
        nonce[0] = (byte) linkId;
        LONG.set(nonce, NUMBER_OFFSET, number);
    }

    /** A nonce that no datagram has. */
    static byte[] unused() {
        byte[] nonce = new byte[Suite.NONCE_LENGTH];
        Arrays.fill(nonce, (byte) 0xFF);
        return nonce;
    }
}
