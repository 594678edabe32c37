package io.bindlink.core.link;

import java.util.ArrayDeque;

/**
 * Keeps sealed datagrams' buffers for re-use. It makes as many as are out at once and never forgets one, so the bound
 * is that of the windows and queues that feed it. Thread-safe.
 */
public final class TransmitPool {
    private final ArrayDeque<Transmit> idle = new ArrayDeque<>();
    private int out;

    /** An empty pool. */
    public TransmitPool() {}

    /**
     * Takes a buffer.
     *
     * @return an unaddressed datagram, to be released by its holder
     */
    public synchronized Transmit take() {
        out++;
        Transmit transmit = idle.poll();
        if (transmit == null) {
            transmit = new Transmit(this);
        }
        transmit.reuse();
        return transmit;
    }

    synchronized void giveBack(Transmit transmit) {
        out--;
        idle.push(transmit);
    }

    /**
     * How many buffers are in use.
     *
     * @return 0 when all came back
     */
    public synchronized int out() {
        return out;
    }
}
