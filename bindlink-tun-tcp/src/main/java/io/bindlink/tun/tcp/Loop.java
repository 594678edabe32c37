package io.bindlink.tun.tcp;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The one thread of TCP mode: waits for all sockets, and for what streams and look-ups report, and serves whom it concerns.
 * Nothing here blocks. Confined to its thread, but for what says otherwise.
 */
final class Loop {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long TICK_MILLIS = 250; // deadlines are seconds away

    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final Set<Watched> watched = new LinkedHashSet<>();
    private final Set<Watched> timed = new LinkedHashSet<>(); // those of them that may have a deadline
    private long lookedNanos = System.nanoTime();
    private volatile boolean closed;

    Loop() throws IOException {
        selector = Selector.open();
    }

    /** Has a task run by the loop. From any thread. */
    void execute(Runnable task) {
        tasks.add(task);
        if (asleep.compareAndSet(true, false)) {
            selector.wakeup();
        }
    }

    /** Serves somebody soon, once for many calls. From any thread. */
    final class Signal implements Runnable {
        private final Watched whom;
        private final AtomicBoolean pending = new AtomicBoolean();

        Signal(Watched whom) {
            this.whom = whom;
        }

        @Override
        public void run() {
            if (pending.compareAndSet(false, true)) {
                execute(this::serveWhom);
            }
        }

        private void serveWhom() {
            pending.set(false);
            if (watched.contains(whom)) {
                serve(whom);
            }
        }
    }

    /** Begins to serve somebody. */
    void watch(Watched whom) {
        watched.add(whom);
        if (whom.hasDeadlines()) {
            timed.add(whom);
        }
    }

    /** Serves somebody no longer. Its channels are its own to close. */
    void forget(Watched whom) {
        watched.remove(whom);
        timed.remove(whom);
    }

    /** How many are served. */
    int size() {
        return watched.size();
    }

    SelectionKey register(SelectableChannel channel, int interest, Watched whom) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, interest, whom);
    }

    /** Works until closed, then ends all that is left. */
    void run() {
        try {
            while (!closed) {
                turn();
            }
        } catch (IOException e) {
            throw new IllegalStateException("the selector failed", e);
        } finally {
            release();
        }
    }

    private void turn() throws IOException {
        asleep.set(true);
        if (closed || !tasks.isEmpty()) {
            selector.selectNow(this::serve);
        } else {
            selector.select(this::serve, waitMillis());
        }
        asleep.set(false);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        serveDue();
    }

    private long waitMillis() {
        return timed.stream().anyMatch(each -> each.deadlineNanos() != Long.MAX_VALUE) ? TICK_MILLIS : 0; // 0: for ever
    }

    private void serveDue() {
        long now = System.nanoTime();
        if (now - lookedNanos < TICK_MILLIS * NANOS_PER_MILLI) {
            return;
        }
        lookedNanos = now;
        List<Watched> due = timed.stream()
                .filter(each -> each.deadlineNanos() != Long.MAX_VALUE && now - each.deadlineNanos() >= 0)
                .toList();
        due.forEach(this::serve);
    }

    private void serve(SelectionKey key) {
        asleep.set(false);
        serve((Watched) key.attachment());
    }

    private void serve(Watched whom) {
        try {
            whom.handleReady();
        } catch (IOException e) {
            whom.abort(); // its peer went away; the other side is told by a reset
        }
    }

    /** Makes {@link #run} end. From any thread. */
    void close() {
        closed = true;
        selector.wakeup();
    }

    /** Ends all that is left. After {@link #run}, or in its place. */
    void release() {
        List.copyOf(watched).forEach(Watched::abort);
        watched.clear();
        timed.clear();
        try {
            selector.close();
        } catch (IOException e) {
            // nothing is left to be done about it
        }
    }

    /** The time so many milliseconds from now. */
    static long inMillis(long millis) {
        return System.nanoTime() + millis * NANOS_PER_MILLI;
    }
}
