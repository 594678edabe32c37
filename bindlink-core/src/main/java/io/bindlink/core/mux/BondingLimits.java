package io.bindlink.core.mux;

/**
 * Bounds of a multiplexer. Immutable.
 *
 * @param queueBytes what best-effort packets may wait for a link; less drops bursts, more delays. Reliable ones as much
 *     again
 * @param heldBytes what best-effort chunks may be held back for order; less delivers out of order at high rates and
 *     unequal delays
 * @param bufferBytes what reliable chunks may be held back, as this node announces to its peer; less slows reliable
 *     flows at high rates and long delays
 * @param firstSequence the first sequence of every flow: 0, but in tests that look at the wrap
 */
record BondingLimits(long queueBytes, long heldBytes, long bufferBytes, long firstSequence) {
    /** Enough for 200 Mbit/s at 300 ms; reliable flows for 1 Gbit/s at 100 ms. */
    static final BondingLimits STANDARD = new BondingLimits(2 << 20, 4 << 20, BondingMultiplexer.BUFFER_BYTES, 0);
}
