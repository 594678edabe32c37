package io.bindlink.core.sim;

/**
 * Congestion control of a modelled sender: how much may be under way, and how fast it may leave. Windows are in segments.
 * Confined to its sender.
 */
interface SendingWindow {
    /** How many segments may be under way. */
    double segments();

    /** Segments per second; 0: as soon as the window allows. */
    double pace();

    /** How many segments leave together when they are paced. */
    int burstSegments();

    /** A segment left. */
    void onSent();

    /** An acknowledgement came; losses it revealed are in it, and the recovery they began has been told. */
    void onAcked(AckReport ack);

    /** Losses began a recovery; {@code underWay} segments are still under way. */
    void onRecovery(int underWay);

    /** All that was under way when recovery began has arrived. */
    void onRecoveryEnd();

    /** The losses that began the recovery were none. */
    void onUndo();

    /** Nothing came back for a whole retransmission timeout; only the first one in a row says anything of the path. */
    void onTimeout(boolean first, int underWay);
}
