package io.bindlink.core.scheduling;

import io.bindlink.api.LinkId;
import io.bindlink.api.LinkView;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.Picks;
import io.bindlink.api.Scheduler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shares packets among the links by the rate at which the peer reports to receive through each.
 *
 * <p>Weighing by that alone would chase itself: a link receives what it is sent, so any share confirms itself. A weight
 * therefore falls only on evidence: the link had no room while packets waited, so what arrived is all it can carry, or it
 * lost much of what it was sent. It rises whenever more arrives. A trickle keeps a silent link in the shares, so that it
 * can show that it is back. Within the shares a link without room is passed over: no room is left unused.
 *
 * <p>Confined to its session.
 */
final class Weighted implements Scheduler {
    /** All links start with the same weight; the first report corrects it. */
    private static final double FIRST_RATE_BYTES_PER_SECOND = 125_000;

    private final double trickle;
    private final @Nullable Share[] shares = new Share[LinkId.MAX + 1];
    private long reportNanos;
    private boolean started;
    private double turnSeconds;

    /**
     * No weights yet.
     *
     * @param trickle the least share of a link, of the largest one, 0..1
     */
    Weighted(double trickle) {
        this.trickle = trickle;
    }

    @Override
    public void choose(PacketInfo packet, List<LinkView> links, Picks picks) {
        weigh(links, picks.nowNanos());
        LinkView next = null;
        Share nextShare = null;
        for (int i = 0; i < links.size(); i++) {
            LinkView link = links.get(i);
            Share share = share(link);
            share.catchUp(turnSeconds);
            if (!link.ready()) {
                share.busy = true;
            } else if (nextShare == null || share.dueSeconds < nextShare.dueSeconds) {
                next = link;
                nextShare = share;
            }
        }
        if (next != null && nextShare != null) {
            turnSeconds = nextShare.dueSeconds;
            nextShare.dueSeconds += packet.sizeBytes() / Math.max(nextShare.rate, trickle * largestRate(links));
            picks.add(next);
        }
    }

    /** Draws the weights from a new report, which is there when the counts of any link changed. */
    private void weigh(List<LinkView> links, long nowNanos) {
        boolean changed = false;
        for (int i = 0; i < links.size(); i++) {
            changed |= links.get(i).peerReceivedBytes() != share(links.get(i)).receivedBytes;
        }
        if (!changed && started) {
            return;
        }
        double seconds = started ? (nowNanos - reportNanos) / 1e9 : 0;
        for (int i = 0; i < links.size(); i++) {
            LinkView link = links.get(i);
            share(link).note(link.sentBytes(), link.peerReceivedBytes(), seconds);
        }
        started = true;
        reportNanos = nowNanos;
    }

    private double largestRate(List<LinkView> links) {
        double largest = 1;
        for (int i = 0; i < links.size(); i++) {
            largest = Math.max(largest, share(links.get(i)).rate);
        }
        return largest;
    }

    private Share share(LinkView link) {
        int id = link.id().value();
        Share share = shares[id];
        if (share == null) {
            share = new Share(link.sentBytes(), link.peerReceivedBytes());
            shares[id] = share;
        }
        return share;
    }

    /** One link's weight and turn. */
    private static final class Share {
        /** A link owed more than this had no use for it: old debts are not paid in one burst. */
        private static final double MAX_OWED_SECONDS = 0.1;

        /** A report with less than this share of what was sent is evidence by itself. */
        private static final double LOST_MUCH = 0.5;

        private double rate = FIRST_RATE_BYTES_PER_SECOND;
        private double dueSeconds;
        private long sentBytes;
        private long receivedBytes;
        private boolean busy;

        Share(long sentBytes, long receivedBytes) {
            this.sentBytes = sentBytes;
            this.receivedBytes = receivedBytes;
        }

        void catchUp(double turnSeconds) {
            dueSeconds = Math.max(dueSeconds, turnSeconds - MAX_OWED_SECONDS);
        }

        /** Takes a report into account; without a time span it only sets the starting point. */
        void note(long nowSentBytes, long nowReceivedBytes, double seconds) {
            if (seconds > 0 && nowSentBytes > sentBytes) {
                double delivered = (nowReceivedBytes - receivedBytes) / seconds;
                boolean lostMuch = nowReceivedBytes - receivedBytes < LOST_MUCH * (nowSentBytes - sentBytes);
                if (delivered > rate) {
                    rate = delivered;
                } else if (busy || lostMuch) {
                    rate = (rate + delivered) / 2;
                }
            }
            sentBytes = nowSentBytes;
            receivedBytes = nowReceivedBytes;
            busy = false;
        }
    }
}
