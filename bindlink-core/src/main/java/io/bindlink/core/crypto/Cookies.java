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
 * cookie is a MAC under a secret that changes every two minutes and stays valid for two more. Confined to its node.
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
     * Makes the cookie for an address and a hello.
     *
     * @param source where the hello came from
     * @param ephemeral the hello's ephemeral key
     * @param nowNanos the time
     * @return 16 bytes
     */
    public byte[] make(InetSocketAddress source, byte[] ephemeral, long nowNanos) {
        rotate(nowNanos);
        return cookie(current, source, ephemeral);
    }

    /**
     * Whether a cookie was made for an address and a hello within the last two to four minutes.
     *
     * @param cookie as received
     * @param source where the hello came from
     * @param ephemeral the hello's ephemeral key
     * @param nowNanos the time
     * @return true when it was
     */
    public boolean valid(byte[] cookie, InetSocketAddress source, byte[] ephemeral, long nowNanos) {
        rotate(nowNanos);
        return MessageDigest.isEqual(cookie(current, source, ephemeral), cookie)
                || MessageDigest.isEqual(cookie(previous, source, ephemeral), cookie);
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

    private static byte[] cookie(byte[] secret, InetSocketAddress source, byte[] ephemeral) {
        InetAddress address = source.getAddress();
        if (address == null) {
            throw new IllegalArgumentException("not an address a datagram can come from: " + source);
        }
        byte[] port = ByteBuffer.allocate(Short.BYTES)
                .putShort((short) source.getPort())
                .array();
        // Port and key have fixed lengths, so no two sources share one row of bytes
        return Arrays.copyOf(Hkdf.hmac(secret, port, ephemeral, address.getAddress()), LENGTH);
    }
}
