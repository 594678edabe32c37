package io.bindlink.core.mux;

import io.bindlink.api.Multiplexer;
import io.bindlink.api.Scheduler;
import io.bindlink.core.scheduling.Schedulers;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Two multiplexers back to back over fake links on virtual time. Confined to its test. */
final class FakeBond {
    private static final long REPORT_NANOS = 1_000 * FakePath.MILLI;

    final SplittableRandom random;
    final FakeEnd a;
    final FakeEnd b;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nowNanos = -5_000 * FakePath.MILLI; // clocks may be below 0
    private long order;

    private record Event(long nanos, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return nanos != other.nanos ? Long.compare(nanos, other.nanos) : Long.compare(order, other.order);
        }
    }

    /** A bond of the default multiplexers. */
    FakeBond(long seed, String scheduler, FakePath... paths) {
        this(seed, scheduler, BondingLimits.STANDARD, paths);
    }

    FakeBond(long seed, String scheduler, BondingLimits limits, FakePath... paths) {
        this(seed, () -> new BondingMultiplexer(limits), () -> create(scheduler), limits.bufferBytes(), paths);
    }

    FakeBond(
            long seed,
            Supplier<Multiplexer> multiplexers,
            Supplier<Scheduler> schedulers,
            long bufferBytes,
            FakePath... paths) {
        random = new SplittableRandom(seed);
        a = new FakeEnd(this, multiplexers.get(), schedulers.get(), 77_000 * FakePath.MILLI, bufferBytes);
        b = new FakeEnd(this, multiplexers.get(), schedulers.get(), -900_000 * FakePath.MILLI, bufferBytes);
        a.peer = b;
        b.peer = a;
        for (FakeEnd end : List.of(a, b)) {
            end.call(mux -> mux.start(end));
        }
        for (int i = 0; i < paths.length; i++) {
            add(i + 1, paths[i]);
        }
        at(nowNanos + REPORT_NANOS, this::report);
    }

    static Scheduler create(String name) {
        return Schedulers.named(name).orElseThrow().create(Map.of());
    }

    /** Adds a link with its own copy of the path for the way back. */
    void add(int id, FakePath path) {
        FakePath back = new FakePath(1, 1).loss(path.loss).payload(path.maxPayloadBytes);
        back.rateBytesPerSecond = path.rateBytesPerSecond;
        back.delayNanos = path.delayNanos;
        back.jitterNanos = path.jitterNanos;
        FakeLink there = new FakeLink(a, id, path);
        FakeLink here = new FakeLink(b, id, back);
        a.links.add(there);
        b.links.add(here);
        a.call(mux -> mux.addLink(there));
        b.call(mux -> mux.addLink(here));
    }

    /** Cuts a link in both directions, or mends it. */
    void cut(int id, boolean cut) {
        a.link(id).path.cut = cut;
        b.link(id).path.cut = cut;
    }

    private void report() {
        for (FakeEnd end : List.of(a, b)) {
            for (FakeLink link : List.copyOf(end.links)) {
                long bytes = link.receivedBytes;
                end.peer.links.stream()
                        .filter(l -> l.id().equals(link.id()))
                        .forEach(l -> at(nowNanos + 30 * FakePath.MILLI, () -> l.peerReceivedBytes = bytes));
            }
        }
        at(nowNanos + REPORT_NANOS, this::report);
    }

    long nowNanos() {
        return nowNanos;
    }

    void at(long nanos, Runnable action) {
        events.add(new Event(nanos, order++, action));
    }

    void after(long millis, Runnable action) {
        at(nowNanos + millis * FakePath.MILLI, action);
    }

    void run(long millis) {
        long until = nowNanos + millis * FakePath.MILLI;
        while (!events.isEmpty() && events.peek().nanos <= until) {
            Event event = events.poll();
            nowNanos = Math.max(nowNanos, event.nanos);
            event.action.run();
        }
        nowNanos = until;
    }

    void close() {
        a.call(Multiplexer::close);
        b.call(Multiplexer::close);
    }
}
