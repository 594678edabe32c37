package io.bindlink.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.Role;
import io.bindlink.api.TunDevice;
import io.bindlink.core.base.Seeds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StreamsTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void bytesArriveAsTheyWereWrittenWhateverTheirPieces() {
        Seeds.forEach(25, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            Streams slave = new Streams("slave", random.nextInt(576, 3_000), 4);
            Streams master = new Streams("master", random.nextInt(576, 3_000), 4);
            try (MemoryBond bond = new MemoryBond(slave, master, random.nextInt(1, 9), random.nextInt(2, 20))) {
                bond.start();
                ByteStream there = slave.open("seed " + seed);
                ByteStream back = master.accept();
                assertThat(back.name()).isEqualTo(there.name());
                byte[] up = bytes(random, random.nextInt(600_000));
                byte[] down = bytes(random, random.nextInt(600_000));
                Future<?> upWriter = start(() -> writeAll(there, up, random.split()));
                Future<?> downWriter = start(() -> writeAll(back, down, random.split()));
                Future<byte[]> upReader = start(() -> readAll(back, random.split()));
                Future<byte[]> downReader = start(() -> readAll(there, random.split()));
                assertThat(get(upReader)).isEqualTo(up);
                assertThat(get(downReader)).isEqualTo(down);
                get(upWriter);
                get(downWriter);
                assertThat(slave.size()).isZero();
                assertThat(master.size()).isZero();
                assertThat(bond.packetsOut()).isZero();
            }
        });
    }

    @Test
    void slaveNumbersAreOddMasterNumbersEvenAndNoneIsUsedAgain() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            assertThat(bond.slave.open("a").number()).isEqualTo(1);
            assertThat(bond.slave.open("b").number()).isEqualTo(3);
            assertThat(bond.master.open("c").number()).isEqualTo(2);
            bond.endSession();
            bond.startSession();
            assertThat(bond.slave.open("d").number()).isEqualTo(5);
            assertThat(bond.master.open("e").number()).isEqualTo(4);
        }
    }

    @Test
    void slowReaderHoldsBackItsWriterAndNothingElse() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            ByteStream slow = bond.slave.open("slow");
            ByteStream slowEnd = bond.master.accept();
            byte[] much = new byte[4 * InboundBuffer.CAPACITY_BYTES];
            Future<?> writer = start(() -> {
                slow.write(much, 0, much.length);
                slow.finish();
                return null;
            });
            bond.awaitRefusal();
            ByteStream other = bond.slave.open("other");
            ByteStream otherEnd = bond.master.accept();
            other.write(new byte[] {7}, 0, 1);
            assertThat(otherEnd.read(new byte[9], 0, 9)).isEqualTo(1);
            assertThat(writer.isDone()).isFalse();
            assertThat(readAll(slowEnd, new SplittableRandom(1))).isEqualTo(much);
            get(writer);
        }
    }

    @Test
    void oneDirectionGoesOnAfterTheOtherIsFinished() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            ByteStream there = bond.slave.open("half");
            ByteStream back = bond.master.accept();
            there.finish();
            there.finish();
            assertThat(back.read(new byte[1], 0, 1)).isEqualTo(-1);
            assertThatThrownBy(() -> there.write(new byte[1], 0, 1)).isInstanceOf(IOException.class);
            back.write(bytesOf("answer"), 0, 6);
            back.finish();
            assertThat(new String(readAll(there, new SplittableRandom(1)), StandardCharsets.US_ASCII))
                    .isEqualTo("answer");
            there.awaitEnd();
            back.awaitEnd();
            there.close();
            assertThat(bond.master.size()).isZero();
        }
    }

    @Test
    void closingBeforeTheEndResetsThePeer() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            ByteStream there = bond.slave.open("part");
            ByteStream back = bond.master.accept();
            there.write(new byte[100], 0, 100);
            there.close();
            assertReset(start(() -> readAll(back, new SplittableRandom(1))), ResetCode.CANCELLED);
            assertThatThrownBy(() -> there.read(new byte[1], 0, 1)).isInstanceOf(StreamResetException.class);
            assertThat(bond.slave.size()).isZero();
            assertThat(bond.master.size()).isZero();
        }
    }

    @Test
    void resetTellsCodeAndText() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            ByteStream there = bond.slave.open("dial");
            Future<Integer> reader = start(() -> there.read(new byte[1], 0, 1));
            bond.master.accept().reset(ResetCode.UNREACHABLE, "connection refused");
            assertThatThrownBy(() -> get(reader))
                    .hasRootCauseInstanceOf(StreamResetException.class)
                    .hasRootCauseMessage("connection refused");
            assertReset(reader, ResetCode.UNREACHABLE);
        }
    }

    @Test
    void resetReachesThePeerThoughTheFlowIsFull() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            ByteStream there = bond.slave.open("full");
            ByteStream back = bond.master.accept();
            byte[] much = new byte[4 * InboundBuffer.CAPACITY_BYTES];
            Future<?> writer = start(() -> {
                there.write(much, 0, much.length);
                return null;
            });
            bond.awaitRefusal();
            there.reset(ResetCode.CANCELLED, "enough");
            assertReset(writer, ResetCode.CANCELLED);
            Future<byte[]> reader = start(() -> readAll(back, new SplittableRandom(1)));
            assertReset(reader, ResetCode.CANCELLED);
        }
    }

    @Test
    void whatCameBeforeTheEndCanBeReadAfterAReset() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            ByteStream there = bond.slave.open("whole");
            ByteStream back = bond.master.accept();
            there.write(new byte[10], 0, 10);
            there.finish();
            bond.endSession();
            assertThat(readAll(back, new SplittableRandom(1))).hasSize(10);
            assertThatThrownBy(() -> back.write(new byte[1], 0, 1)).isInstanceOf(StreamResetException.class);
        }
    }

    @Test
    void endOfTheSessionResetsEveryStreamAndNeverContinuesOne() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            ByteStream there = bond.slave.open("old");
            ByteStream back = bond.master.accept();
            there.write(new byte[10], 0, 10);
            Future<Integer> waiting = start(() -> there.read(new byte[1], 0, 1));
            bond.endSession();
            assertReset(waiting, ResetCode.SESSION_ENDED);
            assertReset(start(() -> back.read(new byte[1], 0, 1)), ResetCode.SESSION_ENDED);
            assertThatThrownBy(() -> bond.slave.open("none")).isInstanceOf(StreamResetException.class);
            bond.startSession();
            assertThatThrownBy(() -> there.write(new byte[1], 0, 1)).isInstanceOf(StreamResetException.class);
            bond.slave.open("new");
            assertThat(bond.master.accept().name()).isEqualTo("new");
        }
    }

    @Test
    void streamsBeyondTheBacklogAreRefused() throws Exception {
        try (MemoryBond bond = new MemoryBond(new Streams(), new Streams("none", 1_380, 0), 8, 8)) {
            bond.start();
            ByteStream unwanted = bond.slave.open("unwanted");
            assertReset(start(() -> unwanted.read(new byte[1], 0, 1)), ResetCode.REFUSED);
            assertThat(bond.master.size()).isZero();
        }
    }

    @Test
    void acceptorSaysWhenWhatWasAskedForIsReached() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            ByteStream there = bond.slave.open("target");
            ByteStream back = bond.master.accept();
            assertThat(there.isAccepted()).isFalse();
            Future<?> waiting = start(() -> {
                there.awaitAccepted();
                return null;
            });
            back.accept();
            get(waiting);
            assertThat(there.isAccepted()).isTrue();
            ByteStream refused = bond.slave.open("another");
            bond.master.accept().reset(ResetCode.NOT_ALLOWED, "no");
            assertReset(
                    start(() -> {
                        refused.awaitAccepted();
                        return null;
                    }),
                    ResetCode.NOT_ALLOWED);
        }
    }

    @Test
    void nonBlockingStreamDoesWhatItCanAndTellsWhenThereIsMore() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            ByteStream there = bond.slave.open("polled");
            ByteStream back = bond.master.poll();
            assertThat(bond.master.poll()).isNull();
            AtomicInteger thereReady = new AtomicInteger();
            AtomicInteger backReady = new AtomicInteger();
            there.configureBlocking(false);
            back.configureBlocking(false);
            there.onReady(thereReady::incrementAndGet);
            back.onReady(backReady::incrementAndGet);
            assertThat(back.read(ByteBuffer.allocate(10))).isZero();
            ByteBuffer much = ByteBuffer.allocate(4 << 20);
            int taken = there.write(much);
            assertThat(taken).isBetween(1, much.capacity() - 1);
            assertThat(much.position()).isEqualTo(taken);
            assertThat(there.writable()).isFalse();
            assertThat(there.write(much)).isZero();
            assertThat(backReady).hasPositiveValue();
            ByteBuffer read = ByteBuffer.allocate(taken);
            while (read.hasRemaining()) {
                assertThat(back.read(read)).isPositive();
            }
            assertThat(back.read(ByteBuffer.allocate(1))).isZero();
            assertThat(thereReady).hasPositiveValue();
            assertThat(there.writable()).isTrue();
            there.finish();
            assertThat(back.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(there.isOpen()).isTrue();
            back.close();
            while (there.isOpen()) {
                Thread.onSpinWait(); // the device's own thread tells of the reset
            }
        }
    }

    @Test
    void whatIsReadFromAChannelAndNotTakenGoesFirst() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            ByteStream there = bond.slave.open("channel");
            ByteStream back = bond.master.accept();
            byte[] all = bytes(new SplittableRandom(5), 3 << 20);
            ReadableByteChannel source = Channels.newChannel(new ByteArrayInputStream(all));
            ByteArrayOutputStream sink = new ByteArrayOutputStream();
            WritableByteChannel target = Channels.newChannel(sink);
            boolean ended = false;
            for (int in = 0; in >= 0; ) {
                while (!ended && there.writable()) {
                    ended = there.transferFrom(source) < 0;
                }
                if (ended) {
                    there.finish();
                }
                for (in = back.transferTo(target); in > 0; in = back.transferTo(target)) {}
            }
            assertThat(sink.toByteArray()).isEqualTo(all);
        }
    }

    @Test
    void finishIsSaidThoughTheFlowWasFull() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            ByteStream there = bond.slave.open("late fin");
            ByteStream back = bond.master.accept();
            there.configureBlocking(false);
            ByteBuffer much = ByteBuffer.allocate(4 << 20);
            int taken = there.write(much);
            there.finish();
            assertThat(readAll(back, new SplittableRandom(3))).hasSize(taken);
        }
    }

    @Test
    void showsItselfAsBlockingStreams() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            ByteStream there = bond.slave.open("io");
            ByteStream back = bond.master.accept();
            there.outputStream().write(bytesOf("to and fro"));
            there.outputStream().close();
            assertThat(back.inputStream().readAllBytes()).isEqualTo(bytesOf("to and fro"));
            back.outputStream().write(0xFF);
            back.outputStream().close();
            assertThat(there.inputStream().read()).isEqualTo(0xFF);
            assertThat(there.inputStream().read()).isEqualTo(-1);
            assertThat(bond.slave.size()).isZero();
        }
    }

    @Test
    void closingGivesBackTheMemoryOfWhatWasNotRead() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            ByteStream there = bond.slave.open("unread");
            ByteStream back = bond.master.accept();
            there.write(new byte[50_000], 0, 50_000);
            there.finish();
            back.finish();
            assertThat(bond.master.blocks().lent()).isPositive();
            back.close();
            assertThat(bond.master.blocks().lent()).isZero();
        }
    }

    @Test
    void longNamesAreRefusedAndNotCut() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            assertThatThrownBy(() -> bond.slave.open("x".repeat(301))).isInstanceOf(IllegalArgumentException.class);
            bond.slave.open("x".repeat(300));
            assertThat(bond.master.accept().name()).hasSize(300);
        }
    }

    @Test
    void nonsenseInAStreamResetsItAndUnknownMessagesAreSkipped() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            ByteStream there = bond.slave.open("bad");
            ByteStream back = bond.master.accept();
            bond.inject(new byte[] {0x66, 0, 1, 9}, 1);
            assertThat(bond.master.skippedMessages()).isEqualTo(1);
            bond.inject(new byte[] {0x66, 0, 9}, 1);
            assertReset(start(() -> back.read(new byte[1], 0, 1)), ResetCode.PROTOCOL);
            assertReset(start(() -> there.read(new byte[1], 0, 1)), ResetCode.PROTOCOL);
        }
    }

    @Test
    void bytesAfterTheEndResetTheStream() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            ByteStream there = bond.slave.open("more");
            there.finish();
            bond.inject(new byte[] {StreamMessages.DATA, 1}, 1);
            assertReset(start(() -> there.read(new byte[1], 0, 1)), ResetCode.PROTOCOL);
        }
    }

    @Test
    void packetsForNoStreamAreIgnored() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            bond.inject(new byte[] {StreamMessages.DATA, 1}, 9);
            bond.inject(new byte[] {StreamMessages.FIN, 0, 0}, 9);
            bond.inject(new byte[] {StreamMessages.OPEN, 0, 0}, 8); // the master's own kind of number
            assertThat(bond.master.size()).isZero();
        }
    }

    @Test
    void sendNeverWaitsWhenTheBufferIsFull() {
        Streams device = new Streams();
        device.sessionStarted(Role.MASTER);
        assertThat(device.send(ByteBuffer.wrap(new byte[] {StreamMessages.OPEN, 0, 0}), info(1)))
                .isTrue();
        byte[] packet = new byte[1 + (1 << 15)];
        packet[0] = StreamMessages.DATA;
        for (int i = 0; i < InboundBuffer.CAPACITY_BYTES >> 15; i++) {
            assertThat(device.send(ByteBuffer.wrap(packet), info(1))).isTrue();
        }
        assertThat(device.send(ByteBuffer.wrap(packet), info(1))).isFalse();
        assertThat(device.kind()).isEqualTo(TunDevice.Kind.STREAMS);
    }

    @Test
    void closingTheDeviceFreesWhoeverWaits() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            ByteStream there = bond.slave.open("wait");
            Future<Integer> reader = start(() -> there.read(new byte[1], 0, 1));
            Future<ByteStream> acceptor = start(bond.slave::accept);
            bond.slave.close();
            bond.slave.close();
            assertReset(reader, ResetCode.SESSION_ENDED);
            assertThatThrownBy(() -> get(acceptor)).hasRootCauseInstanceOf(IOException.class);
            assertThatThrownBy(() -> bond.slave.open("late")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void interruptedReaderSaysSoAndKeepsItsFlag() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            ByteStream there = bond.slave.open("wait");
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> there.read(new byte[1], 0, 1)).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private <T> Future<T> start(Callable<T> task) {
        return threads.submit(task);
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private static void assertReset(Future<?> future, ResetCode code) {
        assertThatThrownBy(() -> get(future))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        StreamResetException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static byte[] bytesOf(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static Object writeAll(ByteStream stream, byte[] bytes, SplittableRandom random) throws IOException {
        for (int at = 0; at < bytes.length; ) {
            int piece = Math.min(bytes.length - at, random.nextInt(1, random.nextBoolean() ? 10 : 50_000));
            stream.write(bytes, at, piece);
            at += piece;
        }
        stream.finish();
        return stream;
    }

    private static byte[] readAll(ByteStream stream, SplittableRandom random) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[50_000];
        int wanted = random.nextInt(1, piece.length);
        for (int n = stream.read(piece, 0, wanted); n >= 0; n = stream.read(piece, 0, wanted)) {
            all.write(piece, 0, n);
            wanted = random.nextInt(1, piece.length);
        }
        return all.toByteArray();
    }

    private static PacketInfo info(int flow) {
        return PacketInfo.of(1, flow, Delivery.RELIABLE, Offload.NONE);
    }
}
