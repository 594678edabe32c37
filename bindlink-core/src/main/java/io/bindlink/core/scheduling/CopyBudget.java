package io.bindlink.core.scheduling;

import io.bindlink.api.LinkView;
import io.bindlink.core.base.Rates;
import java.util.List;

/**
 * How many bytes may go a second way: a share of what the links carry, and a trickle, so that the first packets after a
 * pause are among them. Confined to its session.
 */
final class CopyBudget {
    private static final double SHARE = 0.05;
    private static final double TRICKLE_BYTES_PER_SECOND = 500;
    private static final double MOST_BYTES = 20_000; // a burst's worth

    private double credit = MOST_BYTES / 2;
    private long sentBytes;
    private long lookedNanos;
    private boolean begun;

    /** Whether a copy of a size is within the budget; if so it is paid for. */
    boolean pays(int sizeBytes, List<LinkView> links, long nowNanos) {
        long sentNow = 0;
        for (int i = 0; i < links.size(); i++) {
            sentNow += links.get(i).sentBytes();
        }
        if (begun) {
            double more = SHARE * Math.max(0, sentNow - sentBytes) // fewer when a link has gone
                    + TRICKLE_BYTES_PER_SECOND * (nowNanos - lookedNanos) / Rates.NANOS_PER_SECOND;
            credit = Math.min(MOST_BYTES, credit + more);
        }
        begun = true;
        sentBytes = sentNow;
        lookedNanos = nowNanos;
        if (credit < sizeBytes) {
            return false;
        }
        credit -= sizeBytes;
        return true;
    }
}
