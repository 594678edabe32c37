package io.bindlink.core.sim;

import java.util.ArrayDeque;
import java.util.Deque;

/** Greatest value of the last ten round trips. Confined to its window. */
final class RoundMaximum {
    private static final int ROUNDS = 10;

    private final Deque<Entry> falling = new ArrayDeque<>(); // each less than the one before it

    private record Entry(long round, double value) {}

    void add(long round, double value) {
        while (!falling.isEmpty() && falling.getLast().value() <= value) {
            falling.removeLast();
        }
        falling.addLast(new Entry(round, value));
        while (falling.getFirst().round() < round - ROUNDS) {
            falling.removeFirst();
        }
    }

    /** 0 before the first. */
    double value() {
        return falling.isEmpty() ? 0 : falling.getFirst().value();
    }
}
