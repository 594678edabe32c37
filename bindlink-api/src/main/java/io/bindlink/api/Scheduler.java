package io.bindlink.api;

import java.util.List;

/**
 * Decides which links carry a packet: none (wait), one, or several.
 *
 * <p>A scheduler sees all usable links, those ready now and those that are not. The packet goes out on the picked links
 * that are ready; if none of them is, it waits until one is, or until {@link Picks#waitAtMost} has passed, and the
 * scheduler is asked again. Picking every link is redundancy. Confined to its session; must not block. An exception
 * closes the bond and is its cause.
 */
@FunctionalInterface
public interface Scheduler {
    /**
     * Picks links for one packet.
     *
     * @param packet what is to be sent
     * @param links the usable links in the user's order, valid during the call
     * @param picks takes the answer
     */
    void choose(PacketInfo packet, List<LinkView> links, Picks picks);
}
