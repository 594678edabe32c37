package io.bindlink.core.crypto;

import io.bindlink.core.base.Rates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Proofs that whoever sends a hello receives at the address it is sent from. The master keeps nothing per address: a
 * cookie is a MAC under a secret that changes every two minutes and stays valid for two more.
 *
 * <p>A cookie is bound to bytes that the repeated hello has in common with the first one, or to none. The
 * ephemeral key must not be among them: the cookie is part of the prologue, and an ephemeral key that met two prologues
 * would seal message 1 twice under one key and nonce. Confined to its node.
 */
public final class Cookies {
    /** Bytes in a cookie. */
    public static final int LENGTH = 16;

    private static final long ROTATION_NANOS = 120 * Rates.NANOS_PER_SECOND;

    private final RandomGenerator random;
    private byte[] current;
    private byte[] previous;
    private long rotatedNanos;

    /**
     * A master's cookies.
     *
     * @param random a cryptographic source of chance
     * @param nowNanos the time
     */
    public Cookies(RandomGenerator random, long nowNanos) {
        this.random = random;
        this.current = newSecret();
        this.previous = newSecret();
        this.rotatedNanos = nowNanos;
    }

    /**
     * Makes the cookie for an address and a slave's attempt.
     *
     * @param source where the hello came from
     * @param attempt what the hello has in common with its repetition; always of the same length
     * @param nowNanos the time
     * @return 16 bytes
     */
    public byte[] make(InetSocketAddress source, byte[] attempt, long nowNanos) {
        rotate(nowNanos);
        return cookie(current, source, attempt);
    }

    /**
     * Whether a cookie was made for an address and an attempt within the last two to four minutes.
     *
     * @param cookie as received
     * @param source where the hello came from
     * @param attempt what the hello has in common with its repetition; always of the same length
     * @param nowNanos the time
     * @return true when it was
     */
    public boolean valid(byte[] cookie, InetSocketAddress source, byte[] attempt, long nowNanos) {
        rotate(nowNanos);
        return MessageDigest.isEqual(cookie(current, source, attempt), cookie)
                || MessageDigest.isEqual(cookie(previous, source, attempt), cookie);
    }

    private void rotate(long nowNanos) {
        long ageNanos = nowNanos - rotatedNanos;
        if (ageNanos < ROTATION_NANOS) {
            return;
        }
        previous = ageNanos < 2 * ROTATION_NANOS ? current : newSecret();
        current = newSecret();
        rotatedNanos = nowNanos;
    }

    private byte[] newSecret() {
        byte[] secret = new byte[Hkdf.HASH_LENGTH];
        random.nextBytes(secret);
        return secret;
    }

    private static byte[] cookie(byte[] secret, InetSocketAddress source, byte[] attempt) {
        InetAddress address = source.getAddress();
        if (address == null) {
            throw new IllegalArgumentException("not an address a datagram can come from: " + source);
        }
        byte[] port = ByteBuffer.allocate(Short.BYTES)
                .putShort((short) source.getPort())
                .array();
        // Port and attempt have fixed lengths, so no two sources share one row of bytes
        return Arrays.copyOf(Hkdf.hmac(secret, port, attempt, address.getAddress()), LENGTH);
    }
}
