package io.bindlink.core.scheduling;

import io.bindlink.api.LinkView;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.Picks;
import io.bindlink.api.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** One answer of a scheduler. Confined to its test. */
final class Answer implements Picks {
    final List<LinkView> picked = new ArrayList<>();
    long waitNanos = Long.MAX_VALUE;
    private final long nowNanos;

    private Answer(long nowNanos) {
        this.nowNanos = nowNanos;
    }

    static Answer of(Scheduler scheduler, PacketInfo packet, List<? extends LinkView> links, long nowNanos) {
        Answer answer = new Answer(nowNanos);
        scheduler.choose(packet, List.copyOf(links), answer);
        return answer;
    }

    @Override
    public void add(LinkView link) {
        picked.add(link);
    }

    @Override
    public void waitAtMost(long nanos) {
        waitNanos = nanos;
    }

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
        return new SplittableRandom(1);
    }
}
