package io.bindlink.core.mux;

import io.bindlink.api.Delivery;

/** What a flow's chunks are promised on their way; each class numbers its chunks by itself. Immutable. */
enum FlowClass {
    /** In order, repaired while that is worth the wait. */
    ORDERED(0, Delivery.BEST_EFFORT),
    /** Delivered as they come, each once: packets that gain nothing from order. */
    UNORDERED(1, Delivery.BEST_EFFORT),
    /** In order and complete. */
    RELIABLE(2, Delivery.RELIABLE);

    private final int bits;
    private final Delivery delivery;

    FlowClass(int bits, Delivery delivery) {
        this.bits = bits;
        this.delivery = delivery;
    }

    /** What it is on the wire. */
    int bits() {
        return bits;
    }

    Delivery delivery() {
        return delivery;
    }
}
