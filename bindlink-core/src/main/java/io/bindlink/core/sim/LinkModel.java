package io.bindlink.core.sim;

import io.bindlink.core.base.Rates;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one direction of a simulated link behaves. A packet meets, in this order: MTU, policer, drop-tail queue,
 * bottleneck (rate or trace), loss, delay. So a lost packet has used capacity. Immutable.
 *
 * @param rateBytesPerSecond capacity; 0: unlimited, or told by the trace
 * @param trace recorded capacity, taken instead of the rate; null: none
 * @param traceOffsetNanos where in the trace the link begins, 0 or more
 * @param delayNanos time in the air, one way, 0 or more
 * @param jitterNanos delay varies evenly by up to this, up and down; it never falls under 0
 * @param jitterPeriodNanos 0: the variation is drawn anew for each packet; else it runs in straight lines between
 *     random points this far apart, the same for all packets
 * @param overtaking whether jitter and changes of delay let packets overtake each other; if not, the later one is held
 *     back until the earlier one is out
 * @param loss probability of losing a packet, each on its own, 0..1
 * @param burstLoss loss in bursts, beside the other; null: none
 * @param queueBytes how much may wait at the bottleneck, the packet in service included; what exceeds it is dropped
 * @param reorder probability of holding a packet back so that others overtake it, 0..1
 * @param reorderNanos for how long
 * @param duplicate probability of delivering a packet twice, 0..1
 * @param mtuBytes larger packets are dropped, overhead included
 * @param policer what drops beyond a rate, ahead of the queue; null: none
 * @param overheadBytes counted on top of every packet: headers of the layers below
 */
public record LinkModel(
        long rateBytesPerSecond,
        @Nullable CapacityTrace trace,
        long traceOffsetNanos,
        long delayNanos,
        long jitterNanos,
        long jitterPeriodNanos,
        boolean overtaking,
        double loss,
        @Nullable BurstLoss burstLoss,
        long queueBytes,
        double reorder,
        long reorderNanos,
        double duplicate,
        int mtuBytes,
        @Nullable Policer policer,
        int overheadBytes) {
    /** Bytes of the IPv4 and UDP headers around a datagram, so that rates count what an operator's do. */
    public static final int DEFAULT_OVERHEAD_BYTES = 28;

    /** That of Ethernet and most of the internet. */
    public static final int DEFAULT_MTU_BYTES = 1500;

    /** A link without limit, delay or fault, but with headers and the usual MTU. */
    public static final LinkModel PERFECT = builder().build();

    /**
     * Checks the ranges.
     *
     * @param rateBytesPerSecond as the component
     * @param trace as the component
     * @param traceOffsetNanos as the component
     * @param delayNanos as the component
     * @param jitterNanos as the component
     * @param jitterPeriodNanos as the component
     * @param overtaking as the component
     * @param loss as the component
     * @param burstLoss as the component
     * @param queueBytes as the component
     * @param reorder as the component
     * @param reorderNanos as the component
     * @param duplicate as the component
     * @param mtuBytes as the component
     * @param policer as the component
     * @param overheadBytes as the component
     */
    public LinkModel {
        checkNotNegative("rate", rateBytesPerSecond);
        checkNotNegative("trace offset", traceOffsetNanos);
        checkNotNegative("delay", delayNanos);
        checkNotNegative("jitter", jitterNanos);
        checkNotNegative("jitter period", jitterPeriodNanos);
        checkProbability("loss", loss);
        checkNotNegative("queue", queueBytes);
        checkProbability("reorder", reorder);
        checkNotNegative("reorder time", reorderNanos);
        checkProbability("duplicate", duplicate);
        checkNotNegative("MTU", mtuBytes);
        checkNotNegative("overhead", overheadBytes);
    }

    /**
     * Begins with {@link #PERFECT}.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Begins with this model, its queue included: a new rate does not change the size of a modem's memory.
     *
     * @return a builder
     */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.rateBytesPerSecond = rateBytesPerSecond;
        builder.trace = trace;
        builder.traceOffsetNanos = traceOffsetNanos;
        builder.delayNanos = delayNanos;
        builder.jitterNanos = jitterNanos;
        builder.jitterPeriodNanos = jitterPeriodNanos;
        builder.overtaking = overtaking;
        builder.loss = loss;
        builder.burstLoss = burstLoss;
        builder.queueBytes = queueBytes;
        builder.reorder = reorder;
        builder.reorderNanos = reorderNanos;
        builder.duplicate = duplicate;
        builder.mtuBytes = mtuBytes;
        builder.policer = policer;
        builder.overheadBytes = overheadBytes;
        return builder;
    }

    /**
     * Capacity, as a mean when it is a trace's.
     *
     * @return bytes per second, overhead included; 0: unlimited
     */
    public long capacityBytesPerSecond() {
        return trace == null ? rateBytesPerSecond : trace.meanRateBytesPerSecond();
    }

    static void checkProbability(String what, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(what + " " + value + " is not in 0..1");
        }
    }

    private static void checkNotNegative(String what, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(what + " " + value + " is under 0");
        }
    }

    /** Gathers a model, beginning with defaults that are told at each method. Not thread-safe. */
    public static final class Builder {
        private static final long UNSET = -1;
        private static final long QUEUE_NANOS = 100 * Rates.NANOS_PER_MILLI;
        private static final long MIN_QUEUE_BYTES = 10L * DEFAULT_MTU_BYTES;

        private long rateBytesPerSecond;
        private @Nullable CapacityTrace trace;
        private long traceOffsetNanos;
        private long delayNanos;
        private long jitterNanos;
        private long jitterPeriodNanos;
        private boolean overtaking;
        private double loss;
        private @Nullable BurstLoss burstLoss;
        private long queueBytes = UNSET;
        private double reorder;
        private long reorderNanos;
        private double duplicate;
        private int mtuBytes = DEFAULT_MTU_BYTES;
        private @Nullable Policer policer;
        private int overheadBytes = DEFAULT_OVERHEAD_BYTES;

        private Builder() {}

        /**
         * A steady capacity, in place of any trace.
         *
         * @param bytesPerSecond overhead included; default 0: unlimited
         * @return this
         */
        public Builder rateBytesPerSecond(long bytesPerSecond) {
            this.rateBytesPerSecond = bytesPerSecond;
            this.trace = null;
            return this;
        }

        /**
         * A steady capacity, in place of any trace.
         *
         * @param megabitsPerSecond millions of bits per second, overhead included
         * @return this
         */
        public Builder rateMbit(double megabitsPerSecond) {
            return rateBytesPerSecond(Math.round(megabitsPerSecond * 1e6 / 8));
        }

        /**
         * A recorded capacity, in place of any rate. It begins when the link is first used.
         *
         * @param trace the recording
         * @param offset where in it the link begins
         * @return this
         */
        public Builder trace(CapacityTrace trace, Duration offset) {
            this.rateBytesPerSecond = 0;
            this.trace = trace;
            this.traceOffsetNanos = offset.toNanos();
            return this;
        }

        /**
         * Time in the air, one way.
         *
         * @param delay default 0
         * @return this
         */
        public Builder delay(Duration delay) {
            this.delayNanos = delay.toNanos();
            return this;
        }

        /**
         * Delay that varies from packet to packet.
         *
         * @param jitter up and down by up to this; default 0
         * @return this
         */
        public Builder jitter(Duration jitter) {
            return jitter(jitter, Duration.ZERO);
        }

        /**
         * Delay that wanders.
         *
         * @param jitter up and down by up to this
         * @param period time between two turns; 0: drawn anew for each packet
         * @return this
         */
        public Builder jitter(Duration jitter, Duration period) {
            this.jitterNanos = jitter.toNanos();
            this.jitterPeriodNanos = period.toNanos();
            return this;
        }

        /**
         * Whether jitter lets packets overtake each other.
         *
         * @param overtaking default false
         * @return this
         */
        public Builder overtaking(boolean overtaking) {
            this.overtaking = overtaking;
            return this;
        }

        /**
         * Random loss.
         *
         * @param probability per packet, 0..1; default 0
         * @return this
         */
        public Builder loss(double probability) {
            this.loss = probability;
            return this;
        }

        /**
         * Loss in bursts, beside the random one.
         *
         * @param burstLoss null, the default: none
         * @return this
         */
        public Builder burstLoss(@Nullable BurstLoss burstLoss) {
            this.burstLoss = burstLoss;
            return this;
        }

        /**
         * Room at the bottleneck.
         *
         * @param bytes the packet in service included; default: what the capacity carries in 100 ms, or in twice the
         *     delay when that is longer, but at least 15,000
         * @return this
         */
        public Builder queueBytes(long bytes) {
            this.queueBytes = bytes;
            return this;
        }

        /**
         * Room at the bottleneck, as the time it takes to drain at the capacity set before this call.
         *
         * @param time how long a full queue delays
         * @return this
         */
        public Builder queue(Duration time) {
            return queueBytes(Rates.bytesIn(time.toNanos(), capacity()));
        }

        /**
         * Holds some packets back, so that others overtake them, whether or not jitter may do so.
         *
         * @param probability per packet, 0..1; default 0
         * @param time for how long
         * @return this
         */
        public Builder reorder(double probability, Duration time) {
            this.reorder = probability;
            this.reorderNanos = time.toNanos();
            return this;
        }

        /**
         * Delivers some packets twice.
         *
         * @param probability per packet, 0..1; default 0
         * @return this
         */
        public Builder duplicate(double probability) {
            this.duplicate = probability;
            return this;
        }

        /**
         * Largest packet that passes.
         *
         * @param bytes overhead included; default 1500
         * @return this
         */
        public Builder mtuBytes(int bytes) {
            this.mtuBytes = bytes;
            return this;
        }

        /**
         * Drops beyond a rate, ahead of the queue.
         *
         * @param policer null, the default: none
         * @return this
         */
        public Builder policer(@Nullable Policer policer) {
            this.policer = policer;
            return this;
        }

        /**
         * Headers that are counted on top of every packet.
         *
         * @param bytes default 28: IPv4 and UDP
         * @return this
         */
        public Builder overheadBytes(int bytes) {
            this.overheadBytes = bytes;
            return this;
        }

        /**
         * The model.
         *
         * @return immutable
         * @throws IllegalArgumentException if a value is out of range
         */
        public LinkModel build() {
            return new LinkModel(
                    rateBytesPerSecond,
                    trace,
                    traceOffsetNanos,
                    delayNanos,
                    jitterNanos,
                    jitterPeriodNanos,
                    overtaking,
                    loss,
                    burstLoss,
                    queueBytes == UNSET ? defaultQueueBytes() : queueBytes,
                    reorder,
                    reorderNanos,
                    duplicate,
                    mtuBytes,
                    policer,
                    overheadBytes);
        }

        private long defaultQueueBytes() {
            return Math.max(MIN_QUEUE_BYTES, Rates.bytesIn(Math.max(QUEUE_NANOS, 2 * delayNanos), capacity()));
        }

        private long capacity() {
            return trace == null ? rateBytesPerSecond : trace.meanRateBytesPerSecond();
        }
    }
}
