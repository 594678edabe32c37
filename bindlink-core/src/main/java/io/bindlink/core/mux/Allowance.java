package io.bindlink.core.mux;

/**
 * How many reliable chunks may be at the peer undelivered: within each flow's credit, and all flows together within the
 * peer's buffer. One flow may take twice what it leaves free, so that flows whose reader sleeps never take all. Confined
 * to its session.
 */
final class Allowance {
    private static final long SHARE = 2; // of what is free

    private static final long LEAST_CHUNKS = 2; // with less nothing would ever be sent

    private final long budgetChunks;
    private long undeliveredChunks;

    Allowance(long peerBufferBytes) {
        budgetChunks = Math.max(LEAST_CHUNKS, peerBufferBytes / ChunkLayout.RELIABLE_CHUNK_BYTES);
    }

    boolean allows(Outflow flow) {
        return flow.hasCredit() && flow.undeliveredChunks() < SHARE * (budgetChunks - undeliveredChunks);
    }

    void onChunkMade() {
        undeliveredChunks++;
    }

    void onDelivered(long chunks) {
        undeliveredChunks -= chunks;
    }
}
