package io.bindlink.core.mux;

/** The first missing chunks of an ordered flow, while others wait behind them. Confined to its session. */
final class Hole {
    private final Inflow flow;

    /** Whether there is one. */
    boolean open;

    /** First chunk missing. */
    long sequence;

    /** When the piece behind it was sent, on the peer's clock: the missing one was sent before. */
    long followerSentNanos;

    /** When the piece behind it came: since then it is known to be missing. */
    long sinceNanos;

    /** Whether every link has delivered what it was sent by then, and so the missing one is gone. */
    boolean gone;

    /** When it is passed over if it is still there. */
    long deadlineNanos;

    Hole(Inflow flow) {
        this.flow = flow;
    }

    Inflow flow() {
        return flow;
    }
}
