package io.bindlink.core.link;

/** What became of the payload packets sent on a link. Confined to its session. */
public interface LinkFeedback {
    /**
     * A payload packet arrived at the peer. Told at most once for each number, possibly after {@link #lost}.
     *
     * @param number its packet number
     */
    void acked(long number);

    /**
     * A payload packet is given up as lost. Told at most once for each number; {@link #acked} may still follow.
     *
     * @param number its packet number
     */
    void lost(long number);
}
