package io.bindlink.core.link;

/** Congestion control by rate of delivery and one-way delay. Confined to its session. */
public final class RateControl implements CongestionControl {
    /** A control that knows nothing of its link yet. */
    public RateControl() {}

    @Override
    public void datagramBytes(int bytes) {}

    @Override
    public void onSent(long nowNanos, int bytes, long inFlightBytes) {}

    @Override
    public void onAcked(AckSample sample) {}

    @Override
    public void onLost(long nowNanos, long bytes) {}

    @Override
    public void onRestart(long nowNanos) {}

    @Override
    public long windowBytes() {
        return 100_000;
    }

    @Override
    public long pacingBytesPerSecond() {
        return 1_000_000;
    }

    @Override
    public long rateBytesPerSecond() {
        return 1_000_000;
    }

    @Override
    public long queueNanos() {
        return 0;
    }
}
