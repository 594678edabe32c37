package io.bindlink.api;

/** What a flow's packets are promised. It belongs to a flow, not to a device: all packets of one flow share it. */
public enum Delivery {
    /** In order, repaired while repair is worth the wait, then given up: what an IP packet expects. */
    BEST_EFFORT,
    /** In order and complete for as long as the session lives; a full flow pushes back to its sender. */
    RELIABLE
}
