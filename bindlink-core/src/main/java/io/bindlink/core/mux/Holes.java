package io.bindlink.core.mux;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The holes that ordered flows wait for, and until when. A missing piece is gone when every link that may have carried
 * it has delivered something sent later; then it is worth {@link HoldTime#capNanos} more, for a repair. Without that
 * verdict a link has fallen silent, and {@link HoldTime#silenceNanos} is the bound. Confined to its session.
 */
final class Holes {
    private final InboundLinks inbound;
    private final UsableLinks links;
    private final List<Hole> open = new ArrayList<>();

    Holes(InboundLinks inbound, UsableLinks links) {
        this.inbound = inbound;
        this.links = links;
    }

    /** A flow moved: it may wait for another hole now, or for none. */
    void update(Inflow flow, long nowNanos) {
        Hole hole = flow.hole;
        if (flow.scan() == flow.end()) {
            close(hole);
        } else if (!hole.open || hole.sequence != flow.scan()) {
            open(hole, nowNanos);
        }
    }

    private void open(Hole hole, long nowNanos) {
        Inflow flow = hole.flow();
        if (!hole.open) {
            hole.open = true;
            open.add(hole);
        }
        hole.sequence = flow.scan();
        Held follower = flow.at(flow.followingComplete());
        Held known = follower == null ? flow.at(flow.scan()) : follower; // a chunk may miss only some of its parts
        hole.followerSentNanos = known == null ? 0 : known.sentNanos();
        hole.sinceNanos = known == null ? nowNanos : known.receivedNanos();
        hole.gone = false;
        hole.deadlineNanos = hole.sinceNanos + HoldTime.silenceNanos(inbound.delaySpreadNanos(nowNanos));
        judge(hole, nowNanos);
    }

    void close(Hole hole) {
        if (hole.open) {
            hole.open = false;
            open.remove(hole);
        }
    }

    /** The links have delivered more. */
    void judgeAll(long nowNanos) {
        for (int i = 0; i < open.size(); i++) {
            judge(open.get(i), nowNanos);
        }
    }

    /** One that was covered by an earlier hole was gone as soon as the slowest link could show it. */
    private void judge(Hole hole, long nowNanos) {
        if (hole.gone || !inbound.areSettled(hole.followerSentNanos, nowNanos)) {
            return;
        }
        long spreadNanos = inbound.delaySpreadNanos(nowNanos);
        long goneNanos = nowNanos - hole.sinceNanos < spreadNanos ? nowNanos : hole.sinceNanos + spreadNanos;
        hole.gone = true;
        hole.deadlineNanos = goneNanos + HoldTime.capNanos(links.fastestRttNanos(), spreadNanos);
    }

    /** A hole that has been waited for long enough; null when there is none. */
    @Nullable
    Hole expired(long nowNanos) {
        for (int i = 0; i < open.size(); i++) {
            if (nowNanos - open.get(i).deadlineNanos >= 0) {
                return open.get(i);
            }
        }
        return null;
    }

    /** When the next one expires; {@code Long.MAX_VALUE}: none is open. */
    long deadlineNanos() {
        long deadline = Long.MAX_VALUE;
        for (int i = 0; i < open.size(); i++) {
            deadline = Math.min(deadline, open.get(i).deadlineNanos);
        }
        return deadline;
    }
}
