package io.bindlink.core.io;

import io.bindlink.api.Event;
import io.bindlink.core.base.Rates;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries events to one listener in order, one at a time, on an executor, through a bounded queue. What the listener
 * throws is logged and it is kept. Thread-safe.
 */
final class EventPump {
    private static final Logger LOG = LoggerFactory.getLogger(EventPump.class);
    private static final int CAPACITY = 1024; // some kilobytes; a listener this far behind is not reading

    private final Executor executor;
    private final Consumer<Event> listener;
    private final IoCounters counters;
    private final ArrayDeque<Event> queue = new ArrayDeque<>();
    private boolean scheduled; // guarded by queue

    EventPump(Executor executor, Consumer<Event> listener, IoCounters counters) {
        this.executor = executor;
        this.listener = listener;
        this.counters = counters;
    }

    /** Queues an event. Never blocks. The closing event is never dropped. */
    void offer(Event event) {
        synchronized (queue) {
            if (queue.size() >= CAPACITY && !(event instanceof Event.Closed)) {
                counters.eventsDropped.increment();
            } else {
                queue.add(event);
            }
        }
    }

    /** Has the queue delivered, unless that is under way. The executor may call the listener at once. */
    void flush() {
        synchronized (queue) {
            if (scheduled || queue.isEmpty()) {
                return;
            }
            scheduled = true;
        }
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException e) {
            synchronized (queue) {
                counters.eventsDropped.add(queue.size());
                queue.clear();
                scheduled = false;
            }
        }
    }

    private void drain() {
        for (Event next = next(); next != null; next = next()) {
            try {
                listener.accept(next);
            } catch (Throwable e) {
                LOG.warn("a listener failed at '{}' and is kept", next, e);
            }
        }
    }

    private @Nullable Event next() {
        synchronized (queue) {
            Event next = queue.poll();
            if (next == null) {
                scheduled = false;
                queue.notifyAll();
            }
            return next;
        }
    }

    /** Waits until all is delivered. Answers false when time ran out. */
    boolean awaitEmpty(long deadlineNanos) throws InterruptedException {
        synchronized (queue) {
            while (scheduled) {
                long leftMillis = (deadlineNanos - System.nanoTime()) / Rates.NANOS_PER_MILLI;
                if (leftMillis <= 0) {
                    return false;
                }
                queue.wait(leftMillis);
            }
            return true;
        }
    }
}
