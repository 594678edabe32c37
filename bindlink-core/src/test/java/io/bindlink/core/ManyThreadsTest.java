package io.bindlink.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Link;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkUri;
import io.bindlink.core.stream.ByteStream;
import io.bindlink.core.stream.Streams;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Nodes on loopback that many threads use at once, and several nodes in one process. */
@Timeout(60)
@ResourceLock(RealNodes.LOCK)
class ManyThreadsTest {
    private static final int STREAMS = 6;
    private static final int BYTES = 300_000;
    private static final Duration LONG = Duration.ofSeconds(20);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        threads.shutdownNow();
    }

    @Test
    void linksComeAndGoAndAreCountedWhileManyThreadsSend() throws Exception {
        Ends ends = new Ends(PresharedKey.generate());
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<?>> others = List.of(
                CompletableFuture.runAsync(() -> comeAndGo(ends, over), threads),
                CompletableFuture.runAsync(() -> ask(ends, over), threads));
        List<CompletableFuture<Void>> transfers = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            transfers.addAll(ends.transfer(i));
        }
        transfers.forEach(CompletableFuture::join);
        over.set(true);
        others.forEach(CompletableFuture::join);
        assertThat(ends.slave.stats().sessions()).isEqualTo(1);
    }

    @Test
    void bondsInOneProcessDoNotMeet() throws Exception {
        Ends first = new Ends(PresharedKey.generate());
        Ends second = new Ends(PresharedKey.generate());
        List<CompletableFuture<Void>> transfers = new ArrayList<>(first.transfer(1));
        transfers.addAll(second.transfer(2));
        transfers.forEach(CompletableFuture::join);
        first.slave.close();
        first.master.close();
        second.transfer(3).forEach(CompletableFuture::join);
        assertThat(second.slave.stats().sessions()).isEqualTo(1);
        assertThat(second.master.stats().sessions()).isEqualTo(1);
    }

    @Test
    void interruptedWritersLeaveTheLinksAlone() throws Exception {
        Ends ends = new Ends(PresharedKey.generate());
        ByteStream there = ends.atSlave.open("stream 9");
        ByteStream back = ends.atMaster.accept();
        Thread writer = new Thread(() -> {
            while (true) {
                try {
                    there.write(bytes(9), 0, BYTES);
                } catch (InterruptedIOException e) {
                    return; // with the interrupt kept, and in the middle of a write
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        });
        writer.start();
        assertThat(back.read(new byte[1], 0, 1)).isEqualTo(1);
        writer.interrupt();
        writer.join();
        Thread.currentThread().interrupt();
        there.finish(); // sent by this thread, with the interrupt on
        assertThat(Thread.interrupted()).isTrue();
        assertThat(back.inputStream().readAllBytes()).isNotEmpty();
        ends.transfer(3).forEach(CompletableFuture::join);
        assertThat(ends.slave.stats().sessions()).isEqualTo(1);
        assertThat(ends.slave.stats().links()).allMatch(link -> link.state() == LinkState.UP);
    }

    private static void comeAndGo(Ends ends, AtomicBoolean over) {
        while (!over.get()) {
            Link link = ends.slave.linkMap().initiateLink(LinkUri.parse(ends.target + "?from=127.0.0.7"));
            link.pause();
            link.resume();
            link.stats();
            link.close();
        }
    }

    private static void ask(Ends ends, AtomicBoolean over) {
        while (!over.get()) {
            assertThat(ends.slave.stats().sessionUp()).isTrue();
            ends.master.stats();
            ends.master.linkMap().links().forEach(Link::state);
        }
    }

    /** A bond of two links that carries streams. */
    private final class Ends {
        private final Streams atMaster = new Streams();
        private final Streams atSlave = new Streams();
        private final Bindlink master;
        private final Bindlink slave;
        private final String target;

        Ends(PresharedKey key) throws Exception {
            master = Bindlink.master().key(key).tun(atMaster).start();
            open.add(master);
            InetSocketAddress listening =
                    master.linkMap().startListener(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            target = "udp://127.0.0.1:" + listening.getPort();
            slave = Bindlink.slave()
                    .key(key)
                    .tun(atSlave)
                    .link(target)
                    .link(target + "?from=127.0.0.5")
                    .start();
            open.add(slave);
            slave.awaitUp(LONG);
        }

        /** Writes a stream at the slave and reads one at the master; both end when all is there. */
        List<CompletableFuture<Void>> transfer(int number) {
            return List.of(
                    CompletableFuture.runAsync(() -> write(atSlave, number), threads),
                    CompletableFuture.runAsync(() -> readOne(atMaster), threads));
        }
    }

    private static byte[] bytes(int number) {
        byte[] bytes = new byte[BYTES];
        new SplittableRandom(number).nextBytes(bytes);
        bytes[0] = (byte) number;
        return bytes;
    }

    private static void write(Streams streams, int number) {
        try (ByteStream stream = streams.open("stream " + number)) {
            stream.write(bytes(number), 0, BYTES);
            stream.finish();
            stream.awaitEnd();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void readOne(Streams streams) {
        try (ByteStream stream = streams.accept()) {
            byte[] read = new byte[BYTES + 1];
            int length = 0;
            for (int n = 0; n >= 0; n = stream.read(read, length, read.length - length)) {
                length += n;
            }
            stream.finish();
            assertThat(Arrays.copyOf(read, length)).isEqualTo(bytes(read[0]));
            assertThat(stream.name()).isEqualTo("stream " + read[0]);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
