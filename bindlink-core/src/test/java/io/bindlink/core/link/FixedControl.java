package io.bindlink.core.link;

/** A congestion control that lets everything pass. */
final class FixedControl implements CongestionControl {
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
    public long rateSpanNanos() {
        return 10_000_000;
    }

    @Override
    public long windowBytes() {
        return Long.MAX_VALUE;
    }

    @Override
    public long pacingBytesPerSecond() {
        return Long.MAX_VALUE / 4;
    }

    @Override
    public long rateBytesPerSecond() {
        return 1_000_000;
    }

    @Override
    public long queueNanos() {
        return 0;
    }

    @Override
    public boolean isProven(long nowNanos) {
        return true;
    }
}
