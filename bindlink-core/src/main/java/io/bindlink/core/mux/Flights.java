package io.bindlink.core.mux;

import org.jspecify.annotations.Nullable;

/**
 * The datagrams under way on one link by packet number: a ring that grows while its oldest entries are in use. Confined
 * to its session.
 */
final class Flights {
    private static final int FIRST_CAPACITY = 64;
    private static final int MAX_CAPACITY = 1 << 16; // more datagrams than any link has under way

    private @Nullable Flight[] ring = new Flight[FIRST_CAPACITY];
    private long newest = -1;

    /** Adds a datagram; answers the one it displaced, which is too old to be remembered. */
    @Nullable
    Flight put(Flight flight) {
        while (isOccupied(flight.number) && ring.length < MAX_CAPACITY) {
            grow();
        }
        int index = index(flight.number);
        Flight displaced = ring[index];
        ring[index] = flight;
        newest = Math.max(newest, flight.number);
        return displaced;
    }

    private boolean isOccupied(long number) {
        Flight there = ring[index(number)];
        return there != null && !there.lost;
    }

    private void grow() {
        @Nullable Flight[] old = ring;
        ring = new Flight[2 * old.length];
        for (Flight flight : old) {
            if (flight != null) {
                ring[index(flight.number)] = flight;
            }
        }
    }

    @Nullable
    Flight find(long number) {
        Flight flight = ring[index(number)];
        return flight == null || flight.number != number ? null : flight;
    }

    void remove(Flight flight) {
        ring[index(flight.number)] = null;
    }

    /** Walks from the newest to the oldest: {@code back} is 0 up to {@link #span}. */
    @Nullable
    Flight fromNewest(int back) {
        return newest - back < 0 ? null : find(newest - back);
    }

    int span() {
        return ring.length;
    }

    private int index(long number) {
        return (int) number & (ring.length - 1);
    }
}
