package io.bindlink.core.session;

import io.bindlink.core.base.Rates;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Bounds what strangers can make this node compute: failed attempts are counted by source address, and a source over its
 * budget is not listened to for the rest of the second. The addresses of live links are exempt, since anybody can forge
 * them. Confined to its node.
 */
final class SourceBudget {
    private static final int FAILURES_PER_SECOND = 100; // about a millisecond of AES or X25519 time
    private static final int MAX_SOURCES = 1024; // a flood of forged sources shares what is left

    private final Map<InetAddress, int[]> failures = new HashMap<>();
    private long windowStartNanos = Long.MIN_VALUE;

    boolean spent(InetAddress source, long nowNanos) {
        roll(nowNanos);
        int[] count = failures.get(source);
        return count == null ? failures.size() >= MAX_SOURCES : count[0] >= FAILURES_PER_SECOND;
    }

    void onFailure(InetAddress source, long nowNanos) {
        roll(nowNanos);
        failures.computeIfAbsent(source, s -> new int[1])[0]++;
    }

    private void roll(long nowNanos) {
        if (windowStartNanos == Long.MIN_VALUE || nowNanos - windowStartNanos >= Rates.NANOS_PER_SECOND) {
            windowStartNanos = nowNanos;
            failures.clear();
        }
    }
}
