package io.bindlink.core.crypto;

import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to seal and to open a full datagram, by our ciphers and by JCA alone: same suite, same size. What ours
 * take beyond it, in time and in {@code gc.alloc.rate.norm}, is our own doing.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CipherCost {
    private static final int CLEAR_BYTES = 10;
    private static final int PLAIN_BYTES = 1_446; // in 1472, with the clear bytes and the tag
    private static final int LINK = 1;
    private static final Suite SUITE = Suite.AES_256_GCM;

    /** One direction by our ciphers, with two datagrams to be opened again and again. */
    @State(Scope.Thread)
    public static class Ours {
        private final Sealer sealer = new Sealer(SUITE, new byte[Suite.KEY_LENGTH]);
        private final Opener opener = new Opener(SUITE, new byte[Suite.KEY_LENGTH]);
        private final byte[] datagram = new byte[CLEAR_BYTES + PLAIN_BYTES + Suite.TAG_LENGTH];
        private final byte[][] sealed = {datagram.clone(), datagram.clone()};
        private final byte[] plain = new byte[PLAIN_BYTES];
        private long number;
        private int turn;

        /** Seals what is to be opened. */
        public Ours() {
            for (byte[] buffer : sealed) {
                sealer.seal(LINK, number++, buffer, 0, CLEAR_BYTES, PLAIN_BYTES);
            }
        }
    }

    /** The same by JCA. */
    @State(Scope.Thread)
    public static class Jca {
        private final SecretKeySpec key = new SecretKeySpec(new byte[Suite.KEY_LENGTH], "AES");
        private final Cipher seal = cipher();
        private final Cipher open = cipher();
        private final byte[] nonce = new byte[Suite.NONCE_LENGTH];
        private final byte[] datagram = new byte[CLEAR_BYTES + PLAIN_BYTES + Suite.TAG_LENGTH];
        private final byte[][] sealed = {datagram.clone(), datagram.clone()};
        private final byte[] plain = new byte[PLAIN_BYTES];
        private long number;
        private int turn;

        /**
         * Seals what is to be opened.
         *
         * @throws GeneralSecurityException never
         */
        @Setup(Level.Trial)
        public void sealBoth() throws GeneralSecurityException {
            for (byte[] buffer : sealed) {
                seal(number++, buffer);
            }
        }

        private int seal(long packet, byte[] buffer) throws GeneralSecurityException {
            seal.init(Cipher.ENCRYPT_MODE, key, parameters(packet));
            seal.updateAAD(buffer, 0, CLEAR_BYTES);
            return seal.doFinal(buffer, CLEAR_BYTES, PLAIN_BYTES, buffer, CLEAR_BYTES);
        }

        private int open(long packet, byte[] buffer) throws GeneralSecurityException {
            open.init(Cipher.DECRYPT_MODE, key, parameters(packet));
            open.updateAAD(buffer, 0, CLEAR_BYTES);
            return open.doFinal(buffer, CLEAR_BYTES, PLAIN_BYTES + Suite.TAG_LENGTH, plain, 0);
        }

        private GCMParameterSpec parameters(long packet) {
            for (int i = 0; i < Long.BYTES; i++) {
                nonce[nonce.length - 1 - i] = (byte) (packet >>> (8 * i));
            }
            return new GCMParameterSpec(8 * Suite.TAG_LENGTH, nonce);
        }

        private static Cipher cipher() {
            try {
                return Cipher.getInstance("AES/GCM/NoPadding");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("no AES in this JDK", e);
            }
        }
    }

    /**
     * A datagram sealed in place.
     *
     * @param ours our cipher
     * @return its length
     */
    @Benchmark
    public int seal(Ours ours) {
        return ours.sealer.seal(LINK, ours.number++, ours.datagram, 0, CLEAR_BYTES, PLAIN_BYTES);
    }

    /**
     * A datagram opened.
     *
     * @param ours our cipher
     * @return bytes opened
     */
    @Benchmark
    public int open(Ours ours) {
        ours.turn ^= 1; // the same number twice costs more
        byte[] sealed = ours.sealed[ours.turn];
        return ours.opener.open(LINK, ours.turn, sealed, 0, CLEAR_BYTES, sealed.length, ours.plain);
    }

    /**
     * What {@link #seal} cannot do without.
     *
     * @param jca the cipher
     * @return bytes sealed
     * @throws GeneralSecurityException never
     */
    @Benchmark
    public int sealByJcaAlone(Jca jca) throws GeneralSecurityException {
        return jca.seal(jca.number++, jca.datagram);
    }

    /**
     * What {@link #open} cannot do without.
     *
     * @param jca the cipher
     * @return bytes opened
     * @throws GeneralSecurityException never
     */
    @Benchmark
    public int openByJcaAlone(Jca jca) throws GeneralSecurityException {
        jca.turn ^= 1;
        return jca.open(jca.turn, jca.sealed[jca.turn]);
    }
}
