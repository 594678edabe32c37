package io.bindlink.core.link;

/**
 * What the source of a link's packets would have liked: whether it left pauses in which it had nothing to send, and
 * whether it was held up. Confined to its session.
 */
final class Demand {
    private static final double REFUSAL_WEIGHT = 1.0 / 16;
    private static final double CONSTRAINED_SHARE = 0.25; // of packets that had to wait, or others for them

    private boolean pause = true; // nothing was sent yet
    private boolean refused; // since the last payload
    private double refusedShare;

    /** The source has nothing to send, though there is room. */
    void onPause() {
        pause = true;
    }

    /** Something was to be sent and there was no room. */
    void onRefused() {
        refused = true;
    }

    /** A packet is sent; answers whether a pause was before it. */
    boolean onSent(boolean eliciting, boolean payload, boolean linkWasIdle) {
        if (payload) {
            refusedShare += ((refused ? 1 : 0) - refusedShare) * REFUSAL_WEIGHT;
            refused = false;
        }
        if (!eliciting) {
            return false;
        }
        boolean afterPause = pause || linkWasIdle;
        pause = false;
        return afterPause;
    }

    /** Whether more would be sent, had the link let it. */
    boolean constrained() {
        return refusedShare >= CONSTRAINED_SHARE;
    }
}
