package io.bindlink.core.mux;

import io.bindlink.api.Delivery;

/** What a flow's chunks are promised on their way; each class numbers its chunks by itself. Immutable. */
enum FlowClass {
    /** In order, repaired while that is worth the wait. */
    ORDERED(Delivery.BEST_EFFORT),
    /** Delivered as they come, each once: packets that gain nothing from order. */
    UNORDERED(Delivery.BEST_EFFORT),
    /** In order and complete. */
    RELIABLE(Delivery.RELIABLE);

    private final Delivery delivery;

    FlowClass(Delivery delivery) {
        this.delivery = delivery;
    }

    Delivery delivery() {
        return delivery;
    }
}
