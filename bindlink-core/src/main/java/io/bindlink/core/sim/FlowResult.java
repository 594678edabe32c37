package io.bindlink.core.sim;

import java.util.Locale;

/**
 * What a flow measured since it started, or since its {@code measure} was called. Delays are of packets that arrived,
 * from the sender's device to the receiver's. Immutable.
 *
 * @param elapsedNanos time measured
 * @param sentPackets packets the sender's device took
 * @param deliveredPackets different packets that came out
 * @param missingPackets sent and not come out: lost, or still under way
 * @param duplicatePackets that came out again
 * @param reorderedPackets that came out after one sent later
 * @param alteredPackets whose bytes were not what was sent
 * @param goodputBytes bytes of use to the application, each once, in order where the flow has an order
 * @param delayMedianNanos half of the packets took no longer; 0 when none came
 * @param delay95Nanos 95 % of the packets took no longer
 * @param delay99Nanos 99 % of the packets took no longer
 * @param delayMaxNanos none took longer
 * @param longestGapNanos longest time in which nothing came out
 */
public record FlowResult(
        long elapsedNanos,
        long sentPackets,
        long deliveredPackets,
        long missingPackets,
        long duplicatePackets,
        long reorderedPackets,
        long alteredPackets,
        long goodputBytes,
        long delayMedianNanos,
        long delay95Nanos,
        long delay99Nanos,
        long delayMaxNanos,
        long longestGapNanos) {
    /**
     * Goodput over the time measured.
     *
     * @return bytes per second
     */
    public long goodputBytesPerSecond() {
        return elapsedNanos == 0 ? 0 : Math.round(goodputBytes * 1e9 / elapsedNanos);
    }

    /**
     * Goodput over the time measured, as people speak of it.
     *
     * @return millions of bits per second
     */
    public double goodputMbit() {
        return goodputBytesPerSecond() * 8 / 1e6;
    }

    /**
     * Share of the packets sent that did not come out.
     *
     * @return 0..1
     */
    public double lossRatio() {
        return sentPackets == 0 ? 0 : missingPackets / (double) sentPackets;
    }

    /** One line for people. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.3f Mbit/s over %.1f s; sent %d, missing %d, duplicates %d, reordered %d, altered %d; delay ms median"
                        + " %.1f, 95%% %.1f, 99%% %.1f, max %.1f; longest gap %.1f ms",
                goodputMbit(),
                elapsedNanos / 1e9,
                sentPackets,
                missingPackets,
                duplicatePackets,
                reorderedPackets,
                alteredPackets,
                delayMedianNanos / 1e6,
                delay95Nanos / 1e6,
                delay99Nanos / 1e6,
                delayMaxNanos / 1e6,
                longestGapNanos / 1e6);
    }
}
