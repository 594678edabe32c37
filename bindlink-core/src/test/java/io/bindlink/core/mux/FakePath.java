package io.bindlink.core.mux;

/** What a fake link does to datagrams, one way. Changed by tests as they run. */
final class FakePath {
    static final long MILLI = 1_000_000L;

    long rateBytesPerSecond;
    long delayNanos;
    long jitterNanos;
    double loss;
    int maxPayloadBytes = 1_434;
    boolean cut;

    FakePath(double megabitsPerSecond, long delayMillis) {
        rateBytesPerSecond = (long) (megabitsPerSecond * 125_000);
        delayNanos = delayMillis * MILLI;
    }

    FakePath loss(double ratio) {
        loss = ratio;
        return this;
    }

    FakePath jitter(long millis) {
        jitterNanos = millis * MILLI;
        return this;
    }

    FakePath payload(int bytes) {
        maxPayloadBytes = bytes;
        return this;
    }
}
