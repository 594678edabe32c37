package io.bindlink.core.bench;

import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one packet costs, both ends together. {@code gc.alloc.rate.norm} is the figure to watch: our own share of it is
 *
 * <pre>
 *   throughBond - (throughBond:datagrams / throughBond:packets) * sealAndOpenByJcaAlone
 * </pre>
 *
 * since every datagram, acknowledgements included, is sealed and opened once, and JCA allocates with every nonce.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PacketCost {
    static final int PACKET_BYTES = 1200;

    /** Two ends of a bond in one thread, and what goes between them. */
    @State(Scope.Thread)
    public static class Bond {
        /** {@code direct}: without queue, scheduling, order and recovery. */
        @Param({"direct", "bonding"})
        public String multiplexer;

        private LoopbackBond ends;

        /** Makes the bond and brings it up. */
        @Setup(Level.Trial)
        public void connect() {
            ends = new LoopbackBond(PACKET_BYTES, multiplexer, 1, 1);
            ends.connect();
        }
    }

    /** Sums over an iteration, from which datagrams per packet follow. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Traffic {
        /** Datagrams sealed and opened. */
        public long datagrams;

        /** Packets submitted at one end and delivered at the other. */
        public long packets;
    }

    /** A cipher for each direction, with nothing of ours around it. */
    @State(Scope.Thread)
    public static class Jca {
        private static final int CLEAR_BYTES = 10;
        private static final int TAG_BYTES = 16;
        private static final int TAG_BITS = 8 * TAG_BYTES;

        private final SecretKeySpec key = new SecretKeySpec(new byte[32], "AES");
        private final Cipher seal = cipher();
        private final Cipher open = cipher();
        private final byte[] nonce = new byte[12];
        private final byte[] datagram = new byte[CLEAR_BYTES + PACKET_BYTES + TAG_BYTES];
        private final byte[] plain = new byte[PACKET_BYTES + TAG_BYTES];
        private long number;

        int sealAndOpen() throws GeneralSecurityException {
            number++;
            for (int i = 0; i < Long.BYTES; i++) {
                nonce[nonce.length - 1 - i] = (byte) (number >>> (8 * i));
            }
            seal.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
            seal.updateAAD(datagram, 0, CLEAR_BYTES);
            int sealed = seal.doFinal(datagram, CLEAR_BYTES, PACKET_BYTES, datagram, CLEAR_BYTES);
            open.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
            open.updateAAD(datagram, 0, CLEAR_BYTES);
            return open.doFinal(datagram, CLEAR_BYTES, sealed, plain, 0);
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
     * The engine: queue, scheduler, link and seal at one end; open, replay check, order and delivery at the other, with
     * all acknowledgements and reports between them. No sockets.
     *
     * @param bond both ends
     * @param traffic takes the sums
     * @return packets delivered so far
     */
    @Benchmark
    public long throughBond(Bond bond, Traffic traffic) {
        long before = bond.ends.datagrams();
        bond.ends.sendOne();
        traffic.datagrams += bond.ends.datagrams() - before;
        traffic.packets++;
        return bond.ends.delivered();
    }

    /**
     * The part of it that is not ours.
     *
     * @param jca the ciphers
     * @return bytes opened
     * @throws GeneralSecurityException never
     */
    @Benchmark
    public int sealAndOpenByJcaAlone(Jca jca) throws GeneralSecurityException {
        return jca.sealAndOpen();
    }
}
