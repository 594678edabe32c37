package io.bindlink.core.mux;

import io.bindlink.api.LinkId;
import io.bindlink.api.LinkView;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.Picks;
import io.bindlink.api.Scheduler;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Asks the scheduler and holds its answer. Confined to its session. */
final class Choice implements Picks {
    private final Scheduler scheduler;
    private final UsableLinks links;
    private final RandomGenerator random;
    private final @Nullable LinkView[] ready = new LinkView[LinkId.MAX];
    private int readyCount;
    private long nowNanos;
    private long backlogBytes;
    private long waitNanos;

    Choice(Scheduler scheduler, UsableLinks links, RandomGenerator random) {
        this.scheduler = scheduler;
        this.links = links;
        this.random = random;
    }

    /** Asks for one packet; true when at least one link that was picked is ready. */
    boolean choose(PacketInfo packet, long queuedBehindBytes, long timeNanos) {
        Arrays.fill(ready, 0, readyCount, null);
        readyCount = 0;
        nowNanos = timeNanos;
        backlogBytes = queuedBehindBytes;
        waitNanos = Long.MAX_VALUE;
        scheduler.choose(packet, links.views(), this);
        return readyCount > 0;
    }

    /** How many of the links picked are ready. */
    int readyCount() {
        return readyCount;
    }

    LinkView ready(int index) {
        LinkView view = ready[index];
        if (view == null) {
            throw new IllegalStateException("no pick " + index + " of " + readyCount);
        }
        return view;
    }

    /** When to ask again at the latest; {@code Long.MAX_VALUE}: when a link has room. */
    long askAgainNanos() {
        return waitNanos == Long.MAX_VALUE ? Long.MAX_VALUE : nowNanos + waitNanos;
    }

    /** Largest payload that all ready links take. */
    int roomBytes() {
        int room = Integer.MAX_VALUE;
        for (int i = 0; i < readyCount; i++) {
            room = Math.min(room, ready(i).maxPayloadBytes());
        }
        return room;
    }

    @Override
    public void add(LinkView link) {
        if (!link.ready()) {
            return;
        }
        for (int i = 0; i < readyCount; i++) {
            if (link.equals(ready[i])) {
                return;
            }
        }
        ready[readyCount++] = link;
    }

    @Override
    public void waitAtMost(long nanos) {
        if (nanos <= 0) {
            throw new IllegalArgumentException("wait of " + nanos + " ns");
        }
        waitNanos = Math.min(waitNanos, nanos);
    }

    @Override
    public long nowNanos() {
        return nowNanos;
    }

    @Override
    public long backlogBytes() {
        return backlogBytes;
    }

    @Override
    public RandomGenerator random() {
        return random;
    }
}
