package io.bindlink.core.scheduling;

import io.bindlink.api.Delivery;
import io.bindlink.api.LinkView;
import io.bindlink.api.Offload;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.Picks;
import io.bindlink.api.Scheduler;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the choice of a link costs: {@code adaptive}, three links that are ready, a bulk flow's packet. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ChoiceCost {
    /** A scheduler with its links, and what it picked. */
    @State(Scope.Thread)
    public static class Choosing implements Picks {
        private static final long STEP_NANOS = 100_000;

        private final Scheduler scheduler = new Adaptive();
        private final PacketInfo packet = PacketInfo.of(1_200, 0, Delivery.BEST_EFFORT, Offload.NONE);
        private final RandomGenerator random = new SplittableRandom(1);
        private final List<StubLink> stubs =
                List.of(new StubLink(1).delayMillis(20), new StubLink(2), new StubLink(3).delayMillis(5));
        private final List<LinkView> links = List.copyOf(stubs);
        private @Nullable LinkView picked;
        private long nowNanos;

        @Override
        public void add(LinkView link) {
            picked = link;
        }

        @Override
        public void waitAtMost(long nanos) {}

        @Override
        public long nowNanos() {
            return nowNanos;
        }

        @Override
        public long backlogBytes() {
            return 0;
        }

        @Override
        public RandomGenerator random() {
            return random;
        }
    }

    /**
     * One choice; the queues differ each time.
     *
     * @param choosing scheduler and links
     * @return the link picked
     */
    @Benchmark
    public @Nullable LinkView choose(Choosing choosing) {
        choosing.nowNanos += Choosing.STEP_NANOS;
        choosing.stubs.get(1).queuedBytes = choosing.nowNanos / Choosing.STEP_NANOS % 32 * 1_200;
        choosing.scheduler.choose(choosing.packet, choosing.links, choosing);
        return choosing.picked;
    }
}
