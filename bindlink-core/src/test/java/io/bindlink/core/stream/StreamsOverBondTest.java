package io.bindlink.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.Role;
import io.bindlink.api.TunDevice;
import io.bindlink.core.base.Seeds;
import io.bindlink.core.sim.LinkModel;
import io.bindlink.core.sim.SimBond;
import io.bindlink.core.sim.SimLinkPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams over a simulated bond, in one thread on virtual time: every byte, whatever the links and the ends do. */
class StreamsOverBondTest {
    private static final int STREAMS = 6;
    private static final Duration STEP = Duration.ofMillis(2);

    @Test
    void everyByteOfEveryStreamArrivesOnceAndInOrder() {
        Seeds.forEach(6, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            assertAllComeBack(seed, random, 600_000, (bond, step) -> mischief(bond, random, step));
        });
    }

    @Test
    void noByteIsLostThoughNatsForgetEachLinkAgainAndAgain() {
        Seeds.forEach(
                2,
                seed -> assertAllComeBack(seed, new SplittableRandom(seed), 3_000_000, (bond, step) -> {
                    if (step % 100 == 50) {
                        bond.link(1 + step / 100 % 3).rebind();
                    }
                }));
    }

    @Test
    void noByteIsLostThoughSocketsOfEachLinkBreakAgainAndAgain() {
        Seeds.forEach(
                2,
                seed -> assertAllComeBack(seed, new SplittableRandom(seed), 3_000_000, (bond, step) -> {
                    if (step % 400 == 50) {
                        bond.link(1 + step / 400 % 3).breakSocket("broken");
                    }
                    if (step % 1_000 == 500) {
                        bond.links().forEach(link -> link.breakSocket("all are broken"));
                    }
                }));
    }

    /** What is done to a bond between steps. */
    private interface Mischief {
        void act(SimBond bond, int step);
    }

    private static void assertAllComeBack(long seed, SplittableRandom random, int mostBytes, Mischief mischief) {
        try (SimBond bond = poor(seed, random)) {
            SimStreams slave = new SimStreams(bond.slave(), 2 * STREAMS).sessionStarted();
            SimStreams master = new SimStreams(bond.master(), 2 * STREAMS).sessionStarted();
            List<Echo> echoes = new ArrayList<>();
            List<Pump> pumps = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                pumps.add(new Pump(
                        open(slave, "seed " + seed), random.split(), mostBytes / 2 + random.nextInt(mostBytes / 2)));
            }
            boolean over = false;
            for (int step = 0; step < 60_000 && !over; step++) {
                bond.runFor(STEP);
                mischief.act(bond, step);
                over = serve(slave, master, echoes, pumps);
            }
            assertThat(over)
                    .as("all streams ended, %s and %s left", slave.streams.size(), master.streams.size())
                    .isTrue();
            assertThat(pumps).allMatch(pump -> pump.echoed == pump.total);
            assertThat(bond.master().stats().sessions()).isEqualTo(1);
            assertThat(slave.streams.blocks().lent()).isZero();
            assertThat(master.streams.blocks().lent()).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteStream open(SimStreams at, String name) throws IOException {
        ByteStream stream = at.streams.open(name);
        stream.configureBlocking(false);
        return stream;
    }

    private static SimBond poor(long seed, SplittableRandom random) {
        var builder = SimBond.builder().seed(seed).kind(TunDevice.Kind.STREAMS);
        for (int i = 0; i < 3; i++) {
            builder.link(LinkModel.builder()
                    .rateMbit(2 + random.nextInt(20))
                    .delay(Duration.ofMillis(2 + random.nextInt(100)))
                    .loss(random.nextDouble() * 0.03)
                    .reorder(random.nextDouble() * 0.02, Duration.ofMillis(15))
                    .duplicate(random.nextDouble() * 0.01)
                    .queue(Duration.ofMillis(100))
                    .build());
        }
        SimBond bond = builder.build();
        bond.awaitUp(Duration.ofSeconds(30));
        return bond;
    }

    /** Now and then a link fails for a while, and now and then all of them. */
    private static void mischief(SimBond bond, SplittableRandom random, int step) {
        if (step % 200 == 50) {
            bond.link(1 + random.nextInt(3)).cut();
        } else if (step % 1_000 == 400) {
            bond.links().forEach(SimLinkPair::cut);
        } else if (step % 200 == 150) {
            bond.links().forEach(SimLinkPair::restore);
        }
    }

    /** The master's end sends back what it gets. True when all is over. */
    private static boolean serve(SimStreams slave, SimStreams master, List<Echo> echoes, List<Pump> pumps)
            throws IOException {
        for (ByteStream each = master.streams.poll(); each != null; each = master.streams.poll()) {
            echoes.add(new Echo(each));
        }
        for (Echo echo : echoes) {
            echo.serve();
        }
        for (Pump pump : pumps) {
            pump.serve();
        }
        slave.streams.sendOwed();
        master.streams.sendOwed();
        boolean all = pumps.stream().allMatch(pump -> pump.echoed == pump.total);
        return all && slave.streams.size() + master.streams.size() == 0;
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void restartOfAnEndResetsThePeersStreamsAndContinuesNone(Role restarted) {
        Seeds.forEach(4, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            try (SimBond bond = poor(seed, random)) {
                Role other = restarted == Role.MASTER ? Role.SLAVE : Role.MASTER;
                SimStreams doomed = new SimStreams(bond.end(restarted), 8).sessionStarted();
                SimStreams peer = new SimStreams(bond.end(other), 8).sessionStarted();
                OneWay fromPeer = new OneWay(open(peer, "from the peer"), doomed, Integer.MAX_VALUE);
                OneWay toPeer = new OneWay(open(doomed, "to the peer"), peer, Integer.MAX_VALUE);
                int steps = 200 + random.nextInt(400);
                for (int i = 0; i < steps; i++) {
                    bond.runFor(STEP);
                    fromPeer.serve();
                    toPeer.serve();
                }
                assertThat(fromPeer.read).isPositive();
                assertThat(toPeer.read).isPositive();

                bond.end(restarted).restart();
                SimStreams reborn = new SimStreams(bond.end(restarted), 8);
                assertThat(bond.runUntil(() -> fromPeer.from.resetCause() != null, Duration.ofSeconds(30)))
                        .as("the peer's stream was reset")
                        .isTrue();
                assertEnded(fromPeer.from);
                assertEnded(toPeer.to);
                bond.awaitUp(Duration.ofSeconds(30));
                bond.runFor(Duration.ofSeconds(5)); // whatever is left of the old ones would come now
                peer.sessionStarted();
                reborn.sessionStarted();
                assertThat(reborn.streams.poll()).as("a stream nobody opened").isNull();

                OneWay there = new OneWay(open(peer, "anew"), reborn, 300_000);
                OneWay back = new OneWay(open(reborn, "anew"), peer, 300_000);
                for (int i = 0; i < 30_000 && !(there.ended() && back.ended()); i++) {
                    bond.runFor(STEP);
                    there.serve();
                    back.serve();
                    peer.streams.sendOwed();
                    reborn.streams.sendOwed();
                }
                assertThat(there.read).isEqualTo(there.total);
                assertThat(back.read).isEqualTo(back.total);
                assertThat(peer.streams.size() + reborn.streams.size()).isZero();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void assertEnded(ByteStream stream) {
        assertThat(stream.resetCause()).isNotNull().hasMessage("the session ended");
        assertThat(stream.resetCause().code()).isEqualTo(ResetCode.SESSION_ENDED);
        assertThatThrownBy(() -> stream.read(ByteBuffer.allocate(1))).isInstanceOf(StreamResetException.class);
        assertThatThrownBy(() -> stream.write(ByteBuffer.allocate(1))).isInstanceOf(StreamResetException.class);
    }

    /** What the engine and the device keep of a stream at one end; what else is measured, of the test's own, comes on top. */
    @Test
    void idleStreamHoldsTwoKibibytesAtMost() throws IOException {
        int count = 4_000;
        try (SimBond bond = poor(1, new SplittableRandom(1))) {
            SimStreams slave = new SimStreams(bond.slave(), 2 * count).sessionStarted();
            SimStreams master = new SimStreams(bond.master(), 2 * count).sessionStarted();
            List<ByteStream> open = new ArrayList<>(2 * count);
            exchange(bond, slave, master, open); // all that comes with the first
            long before = usedHeapBytes();
            for (int i = 1; i < count; i++) {
                exchange(bond, slave, master, open);
            }
            bond.runFor(Duration.ofSeconds(5));
            long grownBytes = usedHeapBytes() - before;
            assertThat(open).hasSize(2 * count).allMatch(ByteStream::isOpen);
            assertThat(grownBytes / (2 * count)).isBetween(200L, 2_048L); // 1,440 of it with the test's own
        }
    }

    /** Opens a stream and sends a byte there and back. */
    private static void exchange(SimBond bond, SimStreams slave, SimStreams master, List<ByteStream> open)
            throws IOException {
        ByteStream there = open(slave, "idle");
        assertThat(there.write(ByteBuffer.allocate(1))).isEqualTo(1);
        assertThat(bond.runUntil(() -> master.streams.size() > open.size() / 2, Duration.ofSeconds(20)))
                .isTrue();
        ByteStream back = master.streams.poll();
        back.configureBlocking(false);
        assertThat(bond.runUntil(back::readable, Duration.ofSeconds(20))).isTrue();
        assertThat(back.read(ByteBuffer.allocate(9))).isEqualTo(1);
        assertThat(back.write(ByteBuffer.allocate(1))).isEqualTo(1);
        assertThat(bond.runUntil(there::readable, Duration.ofSeconds(20))).isTrue();
        assertThat(there.read(ByteBuffer.allocate(9))).isEqualTo(1);
        open.add(there);
        open.add(back);
    }

    private static long usedHeapBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(
                    least,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }

    private static byte value(int number, int at) {
        return (byte) (at * 31 + (at >>> 8) + number);
    }

    /** A stream in one direction, as fast as it goes; its reader checks each byte. */
    private static final class OneWay {
        private final ByteStream from;
        private final SimStreams reader;
        private final int total;
        private ByteStream to;
        private int written;
        private int read;

        OneWay(ByteStream from, SimStreams reader, int total) {
            this.from = from;
            this.reader = reader;
            this.total = total;
        }

        boolean ended() {
            return to != null && !to.isOpen() && !from.isOpen();
        }

        void serve() throws IOException {
            if (to == null) {
                to = reader.streams.poll();
                if (to != null) {
                    to.configureBlocking(false);
                }
            }
            write();
            ByteBuffer in = ByteBuffer.allocate(50_000);
            int count = to == null || !to.readable() ? 0 : to.read(in);
            for (int i = 0; i < count; i++) {
                if (in.get(i) != value(from.number(), read++)) {
                    throw new AssertionError("stream " + from.number() + ": wrong at " + (read - 1));
                }
            }
            if (count < 0 && to.isOpen()) {
                to.finish();
            }
        }

        private void write() throws IOException {
            while (written < total) {
                ByteBuffer out = ByteBuffer.allocate(Math.min(20_000, total - written));
                for (int i = 0; i < out.capacity(); i++) {
                    out.put(i, value(from.number(), written + i));
                }
                int taken = from.write(out);
                written += taken;
                if (taken < out.capacity()) {
                    return;
                }
            }
            if (from.isOpen()) {
                from.finish();
            }
        }
    }

    /** Sends back what it gets. */
    private static final class Echo {
        private final ByteStream stream;
        private final ByteBuffer held = ByteBuffer.allocate(20_000).limit(0);

        Echo(ByteStream stream) {
            this.stream = stream;
            stream.configureBlocking(false);
        }

        void serve() throws IOException {
            while (stream.isOpen()) {
                if (held.hasRemaining() && (stream.write(held) == 0 || held.hasRemaining())) {
                    return;
                }
                held.clear();
                int count = stream.read(held);
                held.flip();
                if (count < 0) {
                    stream.finish();
                }
                if (count <= 0) {
                    return;
                }
            }
        }
    }

    /** Writes bytes that can be foretold and checks what comes back. */
    private static final class Pump {
        private final ByteStream stream;
        private final SplittableRandom pieces;
        private final int total;
        private int written;
        private int echoed;

        Pump(ByteStream stream, SplittableRandom pieces, int total) {
            this.stream = stream;
            this.pieces = pieces;
            this.total = total;
        }

        void serve() throws IOException {
            while (written < total) {
                ByteBuffer piece = ByteBuffer.allocate(Math.min(total - written, 1 + pieces.nextInt(30_000)));
                for (int i = 0; i < piece.capacity(); i++) {
                    piece.put(i, value(stream.number(), written + i));
                }
                int count = stream.write(piece);
                written += count;
                if (count < piece.capacity()) {
                    break;
                }
            }
            if (written == total && stream.isOpen()) {
                stream.finish();
            }
            ByteBuffer back = ByteBuffer.allocate(50_000);
            int count = stream.isOpen() || stream.readable() ? stream.read(back) : 0;
            for (int i = 0; i < count; i++) {
                if (back.get(i) != value(stream.number(), echoed++)) {
                    throw new AssertionError("stream " + stream.number() + ": wrong at " + (echoed - 1));
                }
            }
        }
    }
}
