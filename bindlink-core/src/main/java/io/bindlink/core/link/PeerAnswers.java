package io.bindlink.core.link;

/**
 * What the peer answered last, whichever link it was sent on. Silence condemns a link only while others are answered:
 * when all are silent, the peer or this node is late, and turning away from one link would help nobody. One per session.
 * Confined to its session.
 */
public final class PeerAnswers {
    private static final long NEVER = Long.MIN_VALUE;

    private int newestLink;
    private long newestNanos = NEVER;
    private long otherNanos = NEVER; // the newest on any other link

    /** Nothing was answered yet. */
    public PeerAnswers() {}

    /** Something arrived at the peer, and it said so. */
    void onAnswered(int linkId, long sentNanos) {
        if (linkId == newestLink) {
            newestNanos = Math.max(newestNanos, sentNanos);
        } else if (sentNanos > newestNanos) {
            otherNanos = newestNanos;
            newestLink = linkId;
            newestNanos = sentNanos;
        } else {
            otherNanos = Math.max(otherNanos, sentNanos);
        }
    }

    /** Whether something that was sent on another link at a time or later was answered. */
    boolean elsewhereSince(int linkId, long nanos) {
        return (linkId == newestLink ? otherNanos : newestNanos) >= nanos;
    }
}
