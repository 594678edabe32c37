package io.bindlink.core.mux;

import org.jspecify.annotations.Nullable;

/**
 * One flow at its receiver: what has arrived out of turn, between the first chunk not yet delivered and the last one
 * seen.
 *
 * <pre>
 *   delivered | next ... all here ... | scan: missing | some here ... | end: nothing seen
 * </pre>
 *
 * <p>Confined to its session.
 */
final class Inflow {
    private static final int FIRST_CAPACITY = 16;
    private static final int MOST_IDLE_CAPACITY = 64; // a flow of which nothing waits keeps no more

    /** How long a super-packet's segments wait for the next one, so that they go to the device together. */
    private static final long TOGETHER_NANOS = 1_000_000;

    private final int key;
    private @Nullable Held[] ring = new Held[FIRST_CAPACITY];
    private long next;
    private long scan;
    private long end;

    /** The device's number for the flow, as told last. */
    int flowNumber;

    /** Whether the device is full and the packet at {@code next} waits for it. */
    boolean stalled;

    /** Chunks delivered since the last credit was posted. */
    long unannouncedChunks;

    /** Whether it is among the flows with chunks to announce. */
    boolean listed;

    /** The hole it waits for. */
    final Hole hole = new Hole(this);

    /** How much of it is taken, if it is reliable. */
    final Window window;

    /** How long what is in order waits. */
    final Playout playout;

    /** The super-packet it is at, if it is in order. */
    final Train train = new Train();

    /** Whether it is among the flows of which something waits for its time. */
    boolean waits;

    Inflow(int key, long firstSequence, Playout playout, long nowNanos) {
        this.key = key;
        this.window = new Window(firstSequence, nowNanos);
        this.playout = playout;
        next = firstSequence;
        scan = firstSequence;
        end = firstSequence;
        flowNumber = flowClass() == FlowClass.RELIABLE ? ChunkLayout.firstFlowNumber(ChunkLayout.slotOf(key)) : 0;
    }

    int key() {
        return key;
    }

    FlowClass flowClass() {
        return ChunkLayout.classOf(key);
    }

    /** First chunk neither delivered nor passed over. */
    long next() {
        return next;
    }

    /** First chunk missing. */
    long scan() {
        return scan;
    }

    /** One beyond the last chunk seen. */
    long end() {
        return end;
    }

    /** The chunk of a sequence from {@code next} on, if some of it is here. */
    @Nullable
    Held at(long sequence) {
        return sequence >= end ? null : ring[index(sequence)];
    }

    boolean isComplete(long sequence) {
        Held held = at(sequence);
        return held != null && (held.isComplete() || held == Held.DELIVERED);
    }

    /** A chunk that {@link #isComplete}. */
    Held complete(long sequence) {
        Held held = at(sequence);
        if (held == null || !held.isComplete()) {
            throw new IllegalStateException("chunk " + sequence + " is not here");
        }
        return held;
    }

    /** When a chunk that is here left its sender; one sent again counts as the one behind it. */
    long sentNanos(long sequence) {
        long sentNanos = complete(sequence).sentNanos();
        return isComplete(sequence + 1)
                ? Math.min(sentNanos, complete(sequence + 1).sentNanos())
                : sentNanos;
    }

    /** Until when the segments of a super-packet that begin at {@code next}, which is here, wait for those behind. */
    long togetherNanos() {
        return complete(next).receivedNanos() + TOGETHER_NANOS;
    }

    /** When what begins at {@code next}, which is here, is delivered if nothing more comes. */
    long readyNanos() {
        long dueNanos = playout.dueNanos(sentNanos(next));
        return train.covers(next) ? Math.max(dueNanos, togetherNanos()) : dueNanos;
    }

    /** The first complete chunk behind a missing one; {@code end} if there is none. */
    long followingComplete() {
        long sequence = scan + 1;
        while (sequence < end && !isComplete(sequence)) {
            sequence++;
        }
        return Math.min(sequence, end);
    }

    void put(long sequence, Held held) {
        while (sequence - next >= ring.length) {
            grow();
        }
        ring[index(sequence)] = held;
        end = Math.max(end, sequence + 1);
    }

    private void grow() {
        @Nullable Held[] larger = new Held[2 * ring.length];
        for (long sequence = next; sequence < end; sequence++) {
            larger[(int) sequence & (larger.length - 1)] = ring[index(sequence)];
        }
        ring = larger;
    }

    /** Takes the chunk at {@code next} out and moves on; null when none of it is here. */
    @Nullable
    Held removeNext() {
        Held held = at(next);
        ring[index(next)] = null;
        next++;
        end = Math.max(end, next);
        scan = Math.max(scan, next);
        if (next == end && ring.length > MOST_IDLE_CAPACITY) {
            ring = new Held[FIRST_CAPACITY];
        }
        return held;
    }

    /** Moves on over chunks of which nothing is here. */
    void skipTo(long sequence) {
        next = sequence;
        scan = Math.max(scan, next);
        end = Math.max(end, next);
    }

    /** Moves the first missing chunk to where it is now. */
    void advanceScan() {
        while (isComplete(scan)) {
            scan++;
        }
    }

    private int index(long sequence) {
        return (int) sequence & (ring.length - 1);
    }
}
