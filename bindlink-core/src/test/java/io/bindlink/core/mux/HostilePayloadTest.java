package io.bindlink.core.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Arrival;
import io.bindlink.core.base.Seeds;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HostilePayloadTest {
    private static final int PAYLOADS = 20_000;

    @Test
    void randomBytesAreCountedAndNeverThrow() {
        Seeds.forEach(3, seed -> {
            FakeBond bond = bond(seed);
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < PAYLOADS; i++) {
                byte[] payload = new byte[1 + random.nextInt(60)];
                random.nextBytes(payload);
                payload[0] = (byte) random.nextInt(6); // nearly every payload begins with a known kind
                receive(bond, payload, i);
            }
            assertThat(bond.b.counters.get("mux_malformed")).isGreaterThan(PAYLOADS / 10);
            assertBounded(bond);
        });
    }

    @Test
    void mutatedPayloadsAreCountedAndNeverThrow() {
        Seeds.forEach(3, seed -> {
            List<byte[]> recorded = record(seed);
            FakeBond bond = bond(seed);
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < PAYLOADS; i++) {
                byte[] payload = recorded.get(random.nextInt(recorded.size())).clone();
                for (int flips = random.nextInt(4); flips > 0; flips--) {
                    payload[random.nextInt(Math.min(payload.length, 24))] = (byte) random.nextInt();
                }
                receive(bond, payload, i);
                if (i % 100 == 0) {
                    bond.run(1);
                }
            }
            assertBounded(bond);
        });
    }

    @Test
    void truncatedPayloadsNeverThrow() {
        for (byte[] payload : record(1)) {
            FakeBond bond = bond(1);
            for (int length = 0; length < Math.min(payload.length, 40); length++) {
                receive(bond, Arrays.copyOf(payload, length), length);
            }
            assertBounded(bond);
        }
    }

    private static FakeBond bond(long seed) {
        return new FakeBond(seed, "lowest-delay", new FakePath(10, 20), new FakePath(10, 20));
    }

    private static void receive(FakeBond bond, byte[] payload, long number) {
        FakeLink link = bond.b.link(1);
        Arrival arrival = new Arrival(number, number * 1_000, bond.nowNanos());
        bond.b.call(mux -> mux.received(link, arrival, ByteBuffer.wrap(payload)));
        bond.b.call(mux -> mux.settled(link, number * 1_000));
    }

    private static void assertBounded(FakeBond bond) {
        BondingMultiplexer mux = (BondingMultiplexer) bond.b.mux;
        BondingLimits limits = BondingLimits.STANDARD;
        long slack = 2 * 65_536; // the chunk that reaches each bound may pass it
        assertThat(mux.heldBytes()).isLessThan(limits.heldBytes() + 2 * limits.bufferBytes() + slack);
        bond.run(2_000);
        bond.close();
        assertThat(mux.heldBytes()).isZero();
    }

    /** Honest payloads of every kind, as they cross a lossy link. */
    private static List<byte[]> record(long seed) {
        List<byte[]> recorded = new ArrayList<>();
        FakeBond bond = new FakeBond(
                seed,
                () -> new TappedMultiplexer(recorded),
                () -> FakeBond.create("round-robin"),
                1 << 20,
                new FakePath(10, 20).loss(0.1),
                new FakePath(5, 40).loss(0.1).payload(800));
        Traffic traffic = new Traffic(bond, false);
        bond.b.device = traffic;
        for (int i = 0; i < 300; i++) {
            bond.a.send(traffic.udp(1, 300));
            bond.a.send(traffic.tcp(2, 1_200));
            bond.a.send(traffic.reliable(70_000, 3_000));
            bond.run(10);
        }
        return recorded;
    }
}
