package io.bindlink.core.mux;

/** A flow that always has more to send: it keeps some of it waiting at the sender. Confined to its test. */
final class Greedy {
    private static final long AHEAD_BYTES = 100_000;

    private final FakeBond bond;
    private final Traffic traffic;
    private final int flow;
    private final int sizeBytes;
    private final boolean reliable;
    boolean stopped;

    Greedy(FakeBond bond, Traffic traffic, int flow, int sizeBytes, boolean reliable) {
        this.bond = bond;
        this.traffic = traffic;
        this.flow = flow;
        this.sizeBytes = sizeBytes;
        this.reliable = reliable;
    }

    void start() {
        feed();
    }

    private void feed() {
        if (stopped) {
            return;
        }
        while (((BondingMultiplexer) bond.a.mux).waitingBytes() < AHEAD_BYTES) {
            FakePacket packet = reliable ? traffic.reliable(flow, sizeBytes) : traffic.tcp(flow, sizeBytes);
            if (!bond.a.send(packet)) {
                traffic.takeBack(flow);
                break;
            }
        }
        bond.after(1, this::feed);
    }
}
