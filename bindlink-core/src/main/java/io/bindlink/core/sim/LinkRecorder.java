package io.bindlink.core.sim;

import io.bindlink.api.LinkState;
import io.bindlink.api.LinkStats;
import io.bindlink.core.base.Rates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a simulated link of what a real one does: sample its figures once a second or more often, in a program of your
 * own, and replay the evening in the simulator. The rate is what the node estimates, which is no more than was of use for a
 * while when there was little to carry; while the link is not up, it is 0. The delay is half of the least round trip seen.
 * Confined to one thread.
 *
 * <pre>{@code
 * LinkRecorder recorder = new LinkRecorder();
 * for (int i = 0; i < 4 * seconds; i++) {
 *     recorder.handleStats(System.nanoTime(), slave.stats().links().get(0));
 *     Thread.sleep(250);
 * }
 * recorder.trace().write(file);
 * }</pre>
 */
public final class LinkRecorder {
    private final List<Long> opportunities = new ArrayList<>();
    private boolean begun;
    private long firstNanos;
    private long lastNanos;
    private double rateBytesPerSecond;
    private double owedBytes;
    private long leastRttNanos = Long.MAX_VALUE;
    private long sentPackets;
    private long lostPackets;

    /** A recorder without samples. */
    public LinkRecorder() {}

    /**
     * Takes a sample. It holds until the next one.
     *
     * @param nowNanos when it was taken, on any clock that does not jump; not before the last one
     * @param stats the link's figures then
     * @throws IllegalArgumentException if time ran backwards
     */
    public void handleStats(long nowNanos, LinkStats stats) {
        if (!begun) {
            begun = true;
            firstNanos = nowNanos;
        } else if (nowNanos - lastNanos < 0) {
            throw new IllegalArgumentException("a sample of " + (lastNanos - nowNanos) + " ns before the last one");
        } else {
            fill(nowNanos);
        }
        lastNanos = nowNanos;
        rateBytesPerSecond = stats.state() == LinkState.UP ? stats.rateBytesPerSecond() : 0;
        if (stats.minRttNanos() > 0) {
            leastRttNanos = Math.min(leastRttNanos, stats.minRttNanos());
        }
        sentPackets = Math.max(sentPackets, stats.sentPackets());
        lostPackets = Math.max(lostPackets, stats.lostPackets());
    }

    /** An opportunity for every 1,500 bytes since the last sample. */
    private void fill(long nowNanos) {
        double bytesPerNano = rateBytesPerSecond / (double) Rates.NANOS_PER_SECOND;
        long atNanos = lastNanos;
        while (bytesPerNano > 0) {
            long nextNanos = atNanos + (long) Math.ceil((CapacityTrace.OPPORTUNITY_BYTES - owedBytes) / bytesPerNano);
            if (nextNanos - nowNanos > 0) {
                break;
            }
            opportunities.add((nextNanos - firstNanos) / Rates.NANOS_PER_MILLI);
            owedBytes = 0;
            atNanos = nextNanos;
        }
        owedBytes += (nowNanos - atNanos) * bytesPerNano;
    }

    /**
     * The capacity over time.
     *
     * @return a trace, from the first sample on
     * @throws IllegalStateException if the link carried nothing between two samples
     */
    public CapacityTrace trace() {
        if (opportunities.isEmpty() || opportunities.get(opportunities.size() - 1) == 0) {
            throw new IllegalStateException("nothing was recorded: take two samples or more while the link is up");
        }
        return CapacityTrace.of(
                opportunities.stream().mapToLong(Long::longValue).toArray());
    }

    /**
     * A link that behaves like this.
     *
     * @return with the trace, the delay and the share of lost packets of the samples, in both directions alike
     * @throws IllegalStateException as {@link #trace}
     */
    public LinkModel model() {
        LinkModel.Builder builder = LinkModel.builder().trace(trace(), Duration.ZERO);
        if (leastRttNanos != Long.MAX_VALUE) {
            builder.delay(Duration.ofNanos(leastRttNanos / 2));
        }
        return builder.loss(sentPackets == 0 ? 0 : Math.min(1, (double) lostPackets / sentPackets))
                .build();
    }
}
