package io.bindlink.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.PacketSink;
import io.bindlink.api.TunDevice;
import io.bindlink.core.base.Seeds;
import io.bindlink.core.sim.LinkModel;
import io.bindlink.core.sim.PacketReceiver;
import io.bindlink.core.sim.SimBond;
import io.bindlink.core.sim.SimEnd;
import io.bindlink.core.sim.SimLinkPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Streams over a simulated bond, in one thread on virtual time: every byte, whatever the links do. */
class StreamsOverBondTest {
    private static final int STREAMS = 6;

    @Test
    void everyByteOfEveryStreamArrivesOnceAndInOrder() {
        Seeds.forEach(6, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            try (SimBond bond = poor(seed, random)) {
                Device slave = new Device(bond.slave());
                Device master = new Device(bond.master());
                List<Pump> pumps = new ArrayList<>();
                for (int i = 0; i < STREAMS; i++) {
                    ByteStream there = slave.streams.open("seed " + seed);
                    there.configureBlocking(false);
                    pumps.add(new Pump(there, random.split(), 1 + random.nextInt(600_000)));
                }
                boolean over = false;
                for (int step = 0; step < 60_000 && !over; step++) {
                    bond.runFor(Duration.ofMillis(2));
                    mischief(bond, random, step);
                    over = serve(slave, master, pumps);
                }
                assertThat(over)
                        .as("all streams ended, %s and %s left", slave.streams.size(), master.streams.size())
                        .isTrue();
                assertThat(pumps).allMatch(pump -> pump.echoed == pump.total);
                assertThat(slave.streams.blocks().lent()).isZero();
                assertThat(master.streams.blocks().lent()).isZero();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
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
    private static boolean serve(Device slave, Device master, List<Pump> pumps) throws IOException {
        for (ByteStream each = master.streams.poll(); each != null; each = master.streams.poll()) {
            each.configureBlocking(false);
            master.echoes.add(each);
        }
        for (ByteStream echo : master.echoes) {
            echo(
                    echo,
                    master.held.computeIfAbsent(
                            echo.number(), n -> ByteBuffer.allocate(20_000).limit(0)));
        }
        master.echoes.removeIf(echo -> !echo.isOpen());
        for (Pump pump : pumps) {
            pump.serve();
        }
        slave.streams.sendOwed();
        master.streams.sendOwed();
        boolean all = pumps.stream().allMatch(pump -> pump.echoed == pump.total);
        return all && slave.streams.size() + master.streams.size() == 0;
    }

    private static void echo(ByteStream echo, ByteBuffer held) throws IOException {
        if (!echo.isOpen()) {
            return;
        }
        while (true) {
            if (held.hasRemaining() && (echo.write(held) == 0 || held.hasRemaining())) {
                return;
            }
            held.clear();
            int count = echo.read(held);
            held.flip();
            if (count < 0) {
                echo.finish();
            }
            if (count <= 0) {
                return;
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
                    piece.put(i, value(written + i));
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
                if (back.get(i) != value(echoed++)) {
                    throw new AssertionError("stream " + stream.number() + ": wrong at " + (echoed - 1));
                }
            }
        }

        private byte value(int at) {
            return (byte) (at * 31 + (at >>> 8) + stream.number());
        }
    }

    /** A streams device behind a simulated end. */
    private static final class Device implements PacketSink {
        private final Streams streams = new Streams();
        private final SimEnd end;
        private final List<ByteStream> echoes = new ArrayList<>();
        private final Map<Integer, ByteBuffer> held = new HashMap<>();
        private final Map<Integer, Queue<ByteBuffer>> refused = new HashMap<>();

        Device(SimEnd end) {
            this.end = end;
            streams.begin(this);
            streams.sessionStarted(end.role());
            for (int number = 1; number <= 2 * STREAMS; number++) {
                attach(number);
            }
        }

        private void attach(int number) {
            end.attach(number, new PacketReceiver() {
                @Override
                public void handlePacket(ByteBuffer packet, long nowNanos) {
                    refused.computeIfAbsent(number, n -> new ArrayDeque<>()).add(packet);
                    writable(number);
                }

                @Override
                public void handleAccepting(long nowNanos) {
                    streams.accepting(number);
                }
            });
        }

        @Override
        public Packet acquire() {
            ByteBuffer data = ByteBuffer.allocate(65_535);
            return new Packet() {
                @Override
                public ByteBuffer data() {
                    return data;
                }

                @Override
                public PacketInfo info() {
                    throw new UnsupportedOperationException();
                }

                @Override
                public void release() {}
            };
        }

        @Override
        public boolean submit(Packet packet, int flow, Delivery delivery, Offload offload) {
            return end.send(packet.data().duplicate(), flow, delivery);
        }

        @Override
        public void writable(int flow) {
            Queue<ByteBuffer> waiting = refused.get(flow);
            while (waiting != null
                    && !waiting.isEmpty()
                    && streams.send(
                            waiting.peek().duplicate(),
                            PacketInfo.of(waiting.peek().remaining(), flow, Delivery.RELIABLE, Offload.NONE))) {
                waiting.remove();
            }
        }
    }
}
