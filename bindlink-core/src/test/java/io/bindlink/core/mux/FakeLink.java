package io.bindlink.core.mux;

import io.bindlink.api.Arrival;
import io.bindlink.api.Link;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkStats;
import io.bindlink.api.LinkUri;
import io.bindlink.api.LinkView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * One end of a fake link: a window, a pacer, numbers, acknowledgements, losses and liveness as the real ones behave, but
 * with the rate known. Confined to its bond.
 */
final class FakeLink implements Link, LinkView {
    /** Datagram beyond the payload: our own 31 bytes, UDP and IPv4. */
    static final int OVERHEAD_BYTES = 59;

    private static final int REORDERING = 3;
    private static final long ACK_DELAY_NANOS = 5 * FakePath.MILLI;

    private final FakeEnd end;
    private final LinkId id;
    final FakePath path;
    private final TreeMap<Long, long[]> underWay = new TreeMap<>(); // number -> sent, bytes
    private LinkState state = LinkState.UP;
    private long nextNumber = 7;
    private long inFlightBytes;
    private long busyUntilNanos;
    private long pacerNanos;
    private long sentBytes;
    private long lastUsedNanos = Long.MIN_VALUE;
    private long lastAckNanos;
    private boolean blocked;
    private boolean pacerTimer;
    private boolean timerSet;
    private boolean probing;
    long receivedBytes;
    long peerReceivedBytes;
    long settledNanos = Long.MIN_VALUE;
    long datagrams;
    long lostDatagrams;

    FakeLink(FakeEnd end, int id, FakePath path) {
        this.end = end;
        this.id = new LinkId(id);
        this.path = path;
        this.pacerNanos = end.nowNanos();
        this.busyUntilNanos = end.nowNanos();
    }

    /** Looks as if it had carried something. */
    void used(long nanos) {
        lastUsedNanos = nanos;
    }

    private FakeBond bond() {
        return end.bond;
    }

    // ---- sending ----

    @Override
    public boolean writable() {
        boolean room = state == LinkState.UP
                && pacerNanos - bond().nowNanos() <= 0
                && inFlightBytes + path.maxPayloadBytes + OVERHEAD_BYTES <= windowBytes();
        if (!room && !blocked) {
            blocked = true;
            if (pacerNanos - bond().nowNanos() > 0 && !pacerTimer) {
                pacerTimer = true;
                bond().at(pacerNanos, this::handlePacerTimer);
            }
        }
        return room;
    }

    private long windowBytes() {
        return path.rateBytesPerSecond * (2 * path.delayNanos + ACK_DELAY_NANOS + 15 * FakePath.MILLI) / 1_000_000_000L
                + 6L * (path.maxPayloadBytes + OVERHEAD_BYTES);
    }

    private void handlePacerTimer() {
        pacerTimer = false;
        offerRoom();
    }

    private void offerRoom() {
        if (!blocked || state != LinkState.UP) {
            return;
        }
        blocked = false;
        if (writable()) {
            end.call(mux -> mux.writable(this));
        }
    }

    @Override
    public long send(ByteBuffer payload) {
        if (!payload.hasRemaining() || payload.remaining() > maxPayloadBytes()) {
            throw new IllegalArgumentException("payload of " + payload.remaining());
        }
        if (!writable()) {
            return -1;
        }
        byte[] copy = new byte[payload.remaining()];
        payload.get(copy);
        long nowNanos = bond().nowNanos();
        int bytes = copy.length + OVERHEAD_BYTES;
        long number = nextNumber;
        nextNumber += bond().random.nextInt(8) == 0 ? 2 : 1; // acknowledgements and probes have numbers too
        long serialNanos = bytes * 1_000_000_000L / path.rateBytesPerSecond;
        pacerNanos = Math.max(pacerNanos, nowNanos - FakePath.MILLI) + serialNanos;
        busyUntilNanos = Math.max(busyUntilNanos, nowNanos) + serialNanos;
        if (underWay.isEmpty()) {
            lastAckNanos = nowNanos;
        }
        underWay.put(number, new long[] {nowNanos, bytes});
        inFlightBytes += bytes;
        sentBytes += bytes;
        lastUsedNanos = nowNanos;
        datagrams++;
        end.sentAnywhereNanos = nowNanos;
        setTimer();
        boolean lost = path.cut || bond().random.nextDouble() < path.loss;
        if (lost) {
            lostDatagrams++;
        } else {
            long jitter = path.jitterNanos == 0 ? 0 : bond().random.nextLong(path.jitterNanos);
            bond().at(busyUntilNanos + path.delayNanos + jitter, () -> arrive(number, nowNanos, copy));
        }
        long quietNanos = nowNanos + 3 * FakePath.MILLI;
        bond().at(quietNanos, () -> announceHorizon(nowNanos));
        return number;
    }

    private void arrive(long number, long sentNanos, byte[] payload) {
        if (path.cut || !end.peer.has(id)) {
            return;
        }
        FakeLink peer = end.peer.link(id.value());
        peer.receivedBytes += payload.length + OVERHEAD_BYTES;
        long skewed = sentNanos + end.clockSkewNanos;
        Arrival arrival = new Arrival(number, skewed, bond().nowNanos());
        peer.end.call(mux -> mux.received(peer, arrival, ByteBuffer.wrap(payload)));
        peer.settle(skewed - path.jitterNanos);
        bond().at(bond().nowNanos() + ACK_DELAY_NANOS / 2 + returnDelayNanos(), () -> handleAck(number, sentNanos));
    }

    /** Acknowledgements return on the quickest link that is up. */
    private long returnDelayNanos() {
        return end.peer.links.stream()
                .filter(l -> l.state == LinkState.UP && !l.path.cut)
                .mapToLong(l -> l.path.delayNanos)
                .min()
                .orElse(path.delayNanos);
    }

    void settle(long peerNanos) {
        if (settledNanos == Long.MIN_VALUE || peerNanos - settledNanos > 0) {
            settledNanos = peerNanos;
        }
        end.call(mux -> mux.settled(this, settledNanos));
    }

    /** Tells on another link that nothing newer was sent on this one: from its arrival on it is settled for good. */
    private void announceHorizon(long lastNanos) {
        if (lastUsedNanos != lastNanos || end.sentAnywhereNanos == lastNanos || !end.peer.has(id)) {
            return;
        }
        FakeLink peer = end.peer.link(id.value());
        long afterAll = Math.max(bond().nowNanos(), busyUntilNanos + path.jitterNanos) + path.delayNanos;
        bond().at(afterAll, () -> {
            if (lastUsedNanos == lastNanos && !path.cut && end.peer.has(id)) {
                peer.end.call(mux -> mux.settled(peer, lastNanos + end.clockSkewNanos + 3_600_000_000_000L));
            }
        });
    }

    // ---- feedback ----

    private void handleAck(long number, long sentNanos) {
        if (state == LinkState.CLOSED) {
            return;
        }
        lastAckNanos = bond().nowNanos();
        if (probing) {
            comeBack();
        }
        forget(number);
        end.call(mux -> mux.acked(this, number));
        if (path.jitterNanos == 0) {
            loseAll(new ArrayList<>(underWay.headMap(number - REORDERING).keySet()));
        } else {
            loseSentBefore(sentNanos - path.jitterNanos);
        }
        offerRoom();
    }

    private void loseSentBefore(long nanos) {
        List<Long> late = new ArrayList<>();
        underWay.forEach((number, record) -> {
            if (record[0] - nanos < 0) {
                late.add(number);
            }
        });
        loseAll(late);
    }

    private void loseAll(List<Long> numbers) {
        for (long number : numbers) {
            forget(number);
            end.call(mux -> mux.lost(this, number));
        }
    }

    private void forget(long number) {
        long[] record = underWay.remove(number);
        if (record != null) {
            inFlightBytes -= record[1];
        }
    }

    private void setTimer() {
        if (!timerSet) {
            timerSet = true;
            bond().at(bond().nowNanos() + probeTimeoutNanos(), this::handleTimer);
        }
    }

    private long probeTimeoutNanos() {
        return rttNanos() + 2 * path.jitterNanos + 40 * FakePath.MILLI;
    }

    private void handleTimer() {
        timerSet = false;
        if (underWay.isEmpty() || state == LinkState.CLOSED) {
            return;
        }
        if (bond().nowNanos() - lastAckNanos < probeTimeoutNanos()) {
            loseSentBefore(bond().nowNanos() - probeTimeoutNanos() - queueNanos());
            offerRoom();
            setTimer();
            return;
        }
        if (state == LinkState.UP) {
            turn(LinkState.SUSPECT);
        } else if (state == LinkState.SUSPECT) {
            turn(LinkState.DOWN);
            loseAll(new ArrayList<>(underWay.keySet()));
        }
        probe();
        setTimer();
    }

    private long queueNanos() {
        return Math.max(0, busyUntilNanos - bond().nowNanos());
    }

    private void probe() {
        probing = true;
        bond().at(bond().nowNanos() + 2 * path.delayNanos + 20 * FakePath.MILLI, () -> {
            if (state == LinkState.SUSPECT || state == LinkState.DOWN) {
                if (path.cut) {
                    probe();
                } else {
                    comeBack();
                }
            }
        });
    }

    private void comeBack() {
        probing = false;
        if (state == LinkState.SUSPECT || state == LinkState.DOWN) {
            lastAckNanos = bond().nowNanos();
            turn(LinkState.UP);
        }
    }

    void turn(LinkState to) {
        state = to;
        end.call(mux -> mux.stateChanged(this));
    }

    /** The session gives up what is under way and takes the link away. */
    void remove() {
        state = LinkState.CLOSED;
        loseAll(new ArrayList<>(underWay.keySet()));
        end.links.remove(this);
        end.call(mux -> mux.removeLink(this));
    }

    // ---- figures ----

    @Override
    public LinkId id() {
        return id;
    }

    @Override
    public LinkUri uri() {
        return LinkUri.parse("udp://192.0.2.1:4500");
    }

    @Override
    public LinkState state() {
        return state;
    }

    @Override
    public LinkStats stats() {
        throw new UnsupportedOperationException("not for multiplexers");
    }

    @Override
    public int maxPayloadBytes() {
        return path.maxPayloadBytes;
    }

    @Override
    public boolean ready() {
        return writable();
    }

    @Override
    public long readyAtNanos() {
        return pacerNanos;
    }

    @Override
    public int rank() {
        return id.value() - 1;
    }

    @Override
    public long rateBytesPerSecond() {
        return path.rateBytesPerSecond;
    }

    @Override
    public long queuedBytes() {
        return queueNanos() * path.rateBytesPerSecond / 1_000_000_000L;
    }

    @Override
    public long inFlightBytes() {
        return inFlightBytes;
    }

    @Override
    public long rttNanos() {
        return 2 * path.delayNanos + ACK_DELAY_NANOS;
    }

    @Override
    public long relativeDelayNanos() {
        long least = path.delayNanos;
        for (FakeLink other : end.links) {
            least = Math.min(least, other.path.delayNanos);
        }
        return path.delayNanos - least;
    }

    @Override
    public long jitterNanos() {
        return path.jitterNanos / 4;
    }

    @Override
    public double lossRatio() {
        return path.loss;
    }

    @Override
    public long sentBytes() {
        return sentBytes;
    }

    @Override
    public long peerReceivedBytes() {
        return peerReceivedBytes;
    }

    @Override
    public long lastUsedNanos() {
        return lastUsedNanos;
    }

    @Override
    public long fillBytes() {
        return 0;
    }

    @Override
    public void pause() {
        turn(LinkState.PAUSED);
    }

    @Override
    public void resume() {
        turn(LinkState.UP);
    }

    @Override
    public void close() {
        remove();
    }
}
