package io.bindlink.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads interrupted while they wait in a stream: they say so and keep their interrupt, and the stream goes on. */
@Timeout(60)
class InterruptTest {
    private static final byte[] MUCH = new byte[4 * InboundBuffer.CAPACITY_BYTES];

    @Test
    void readerIsLetGoAndTheNextOneReads() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            ByteStream there = bond.slave.open("read");
            ByteStream back = bond.master.accept();
            assertInterruptible(() -> back.read(new byte[1], 0, 1));
            assertInterruptible(() -> back.inputStream().read());
            there.write(new byte[] {7}, 0, 1);
            assertThat(back.inputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void writerIsLetGoAndWhatWentOutArrivesInOrder() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            ByteStream there = bond.slave.open("write");
            ByteStream back = bond.master.accept();
            assertInterruptible(() -> there.write(MUCH, 0, MUCH.length));
            assertInterruptible(() -> there.outputStream().write(MUCH));
            there.finish();
            byte[] arrived = back.inputStream().readAllBytes();
            assertThat(arrived.length).isBetween(1, 2 * MUCH.length);
            back.write("and back".getBytes(StandardCharsets.US_ASCII), 0, 8);
            back.finish();
            assertThat(there.inputStream().readAllBytes()).hasSize(8);
        }
    }

    @Test
    void whoQueuesUpBehindAnotherIsLetGo() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            ByteStream there = bond.slave.open("queue");
            ByteStream back = bond.master.accept();
            Waiting first = new Waiting(() -> there.write(MUCH, 0, MUCH.length));
            assertInterruptible(() -> there.write(MUCH, 0, 1));
            first.assertLetGo();
            Waiting reader = new Waiting(() -> there.read(new byte[1], 0, 1));
            assertInterruptible(() -> there.read(new byte[1], 0, 1));
            reader.assertLetGo();
            assertThat(back.isOpen()).isTrue();
        }
    }

    @Test
    void whoeverAwaitsIsLetGoAndMayAwaitAgain() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            assertInterruptible(bond.master::accept);
            ByteStream there = bond.slave.open("await");
            ByteStream back = bond.master.accept();
            assertInterruptible(there::awaitAccepted);
            assertInterruptible(there::awaitEnd);
            back.accept();
            there.awaitAccepted();
            there.finish();
            back.finish();
            there.awaitEnd();
        }
    }

    @Test
    void whatDoesNotWaitMayBeInterrupted() throws Exception {
        try (MemoryBond bond = MemoryBond.up()) {
            Thread.currentThread().interrupt();
            ByteStream there = bond.slave.open("at once");
            ByteStream back = bond.master.accept();
            back.accept();
            there.write(new byte[] {1, 2}, 0, 2);
            assertThat(back.read(new byte[2], 0, 2)).isEqualTo(2);
            there.finish();
            back.close();
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static void assertInterruptible(Task task) throws InterruptedException {
        new Waiting(task).assertLetGo();
    }

    /** Something that waits. */
    @FunctionalInterface
    private interface Task {
        void run() throws IOException;
    }

    /** A thread that waits. */
    private static final class Waiting {
        private final AtomicReference<IOException> thrown = new AtomicReference<>();
        private final AtomicReference<Boolean> kept = new AtomicReference<>();
        private final Thread thread;

        Waiting(Task task) {
            thread = new Thread(() -> {
                try {
                    task.run();
                } catch (IOException e) {
                    thrown.set(e);
                    kept.set(Thread.interrupted());
                }
            });
            thread.start();
            while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
                Thread.onSpinWait();
            }
        }

        void assertLetGo() throws InterruptedException {
            thread.interrupt();
            thread.join();
            assertThat(thrown.get()).isExactlyInstanceOf(InterruptedIOException.class);
            assertThat(kept.get()).isTrue();
        }
    }
}
