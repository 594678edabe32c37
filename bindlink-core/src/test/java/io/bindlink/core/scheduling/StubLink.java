package io.bindlink.core.scheduling;

import io.bindlink.api.LinkId;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkView;

/** A link's figures as a test sets them. Confined to its test. */
final class StubLink implements LinkView {
    private final LinkId id;
    boolean ready = true;
    boolean late;
    long readyAtNanos;
    long rateBytesPerSecond = 1_000_000;
    long queuedBytes;
    long relativeDelayNanos;
    long jitterNanos;
    long sentBytes;
    long peerReceivedBytes;
    long fillBytes;

    StubLink(int id) {
        this.id = new LinkId(id);
    }

    StubLink delayMillis(long millis) {
        relativeDelayNanos = millis * 1_000_000;
        return this;
    }

    StubLink busyUntilNanos(long nanos) {
        ready = false;
        readyAtNanos = nanos;
        return this;
    }

    @Override
    public LinkId id() {
        return id;
    }

    @Override
    public LinkState state() {
        return LinkState.UP;
    }

    @Override
    public boolean late() {
        return late;
    }

    @Override
    public boolean ready() {
        return ready;
    }

    @Override
    public long readyAtNanos() {
        return readyAtNanos;
    }

    @Override
    public int maxPayloadBytes() {
        return 1_400;
    }

    @Override
    public int rank() {
        return id.value() - 1;
    }

    @Override
    public long rateBytesPerSecond() {
        return rateBytesPerSecond;
    }

    @Override
    public long queuedBytes() {
        return queuedBytes;
    }

    @Override
    public long inFlightBytes() {
        return 0;
    }

    @Override
    public long rttNanos() {
        return 40_000_000;
    }

    @Override
    public long relativeDelayNanos() {
        return relativeDelayNanos;
    }

    @Override
    public long jitterNanos() {
        return jitterNanos;
    }

    @Override
    public double lossRatio() {
        return 0;
    }

    @Override
    public long sentBytes() {
        return sentBytes;
    }

    @Override
    public long peerReceivedBytes() {
        return peerReceivedBytes;
    }

    @Override
    public long lastUsedNanos() {
        return Long.MIN_VALUE;
    }

    @Override
    public long fillBytes() {
        return fillBytes;
    }
}
