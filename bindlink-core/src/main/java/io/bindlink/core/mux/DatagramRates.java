package io.bindlink.core.mux;

/**
 * Tells flows of datagrams that send little (voice, games) from those that send much (QUIC, video): the first want each
 * datagram at once, the second want order. Confined to its session.
 */
final class DatagramRates {
    private static final long WINDOW_NANOS = 100_000_000L;

    /** Voice sends five in a window, games six or seven. */
    private static final int SPARSE_PACKETS = 8;

    /** Datagrams closer than this are a burst, which different links would reorder. */
    private static final long BURST_NANOS = 5_000_000L;

    /** A flow that sent much may pause; order would be lost if each pause changed its class. */
    private static final long BUSY_STICKS_NANOS = 10_000_000_000L;

    private final long[] windowNanos = new long[ChunkLayout.BEST_EFFORT_SLOTS];
    private final long[] lastNanos = new long[ChunkLayout.BEST_EFFORT_SLOTS];
    private final long[] busyUntilNanos = new long[ChunkLayout.BEST_EFFORT_SLOTS];
    private final int[] packets = new int[ChunkLayout.BEST_EFFORT_SLOTS];
    private final boolean[] busy = new boolean[ChunkLayout.BEST_EFFORT_SLOTS];

    /** Counts a datagram; true if it is by itself and its flow sends little. */
    boolean isSparse(int slot, long nowNanos) {
        boolean burst = packets[slot] > 0 && nowNanos - lastNanos[slot] < BURST_NANOS;
        lastNanos[slot] = nowNanos;
        if (packets[slot] == 0 || nowNanos - windowNanos[slot] >= WINDOW_NANOS) {
            windowNanos[slot] = nowNanos;
            packets[slot] = 0;
        }
        if (++packets[slot] > SPARSE_PACKETS) {
            busy[slot] = true;
            busyUntilNanos[slot] = nowNanos + BUSY_STICKS_NANOS;
        } else if (busy[slot] && nowNanos - busyUntilNanos[slot] >= 0) {
            busy[slot] = false;
        }
        return !busy[slot] && !burst;
    }
}
