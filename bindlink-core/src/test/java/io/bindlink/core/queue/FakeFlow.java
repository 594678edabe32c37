package io.bindlink.core.queue;

import io.bindlink.api.Delivery;

/** A flow that counts what was sent of it. Confined to its test. */
final class FakeFlow extends Backlog {
    long sentBytes;

    FakeFlow(Delivery delivery) {
        super(delivery);
    }

    static FakeFlow bestEffort() {
        return new FakeFlow(Delivery.BEST_EFFORT);
    }

    static FakeFlow reliable() {
        return new FakeFlow(Delivery.RELIABLE);
    }
}
