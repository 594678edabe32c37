package io.bindlink.core.sim;

import io.bindlink.api.Role;
import org.jspecify.annotations.Nullable;

/** Someone on the path who sees each datagram as it enters a link, and may alter or swallow it. */
@FunctionalInterface
public interface Wiretap {
    /**
     * Sees a datagram.
     *
     * @param link the link it is about to enter
     * @param sender the end that sends it
     * @param datagram a copy of its bytes, the tap's own
     * @return what goes on: the same array or another; null: nothing
     */
    byte @Nullable [] handle(SimLinkPair link, Role sender, byte[] datagram);
}
