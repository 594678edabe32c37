package io.bindlink.core.queue;

import io.bindlink.api.Delivery;
import io.bindlink.core.queue.Backlog.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue that serves flows in fair shares, those that send little first, and keeps waiting short: FQ-CoDel, RFC
 * 8290.
 *
 * <p>Flows share by deficit round robin in quanta of bytes (section 4.2). A flow that sends no more than a quantum while
 * each bulk flow has its turn is <em>sparse</em> and goes before them. Unlike section 4.2 such a flow does not queue among
 * the bulk flows once it fell empty: it keeps what is left of its quantum until the round is over, which starves nobody
 * either and lets a call's next packet go first, too. A flow of which more than two quanta wait is
 * bulk, and if they stay for a pacing interval, for ten seconds at least.
 *
 * <p>Each best-effort flow has its own {@link Codel}, which judges a packet once, when it comes to the head. One whose
 * sender understands marks is marked, others are dropped; a packet has no sequence number yet, so that its loss is no gap
 * to wait for. Waiting is measured by a {@link ServedClock}, and nothing is judged while the links' rate still grows:
 * neither a stall nor a link's start is the senders' doing. Two bounds always hold. When too much waits, the oldest packet
 * of the flow with the most waiting goes, so that one flow's overload is its own; and no packet grows older than a
 * second.
 *
 * <p>Reliable flows are refused when full, and never dropped or marked. Confined to its session.
 *
 * @param <F> the multiplexer's flow
 */
public final class FairQueue<F extends Backlog> implements FlowQueue<F> {
    /** A flow's share of one round, RFC 8290 section 5.2: a full packet of an ordinary network. */
    static final int QUANTUM_BYTES = 1_514;

    /** A flow of which more than this waits is served as bulk, and stays bulk if it does for a pacing interval. */
    static final int SPARSE_BYTES = 2 * QUANTUM_BYTES;

    /** How long a flow that was bulk once counts as bulk: bulk flows pause, and must not jump the queue each time. */
    static final long BULK_STICKS_NANOS = 10_000_000_000L;

    /** Best-effort packets older than this are dropped: their sender has sent them again long ago. */
    static final long MAX_AGE_NANOS = 1_000_000_000L;

    /** After this long without traffic the links' rates are hearsay: they must prove them anew, as at their start. */
    static final long LONG_IDLE_NANOS = 1_000_000_000L;

    /** What one reliable flow may have waiting: a device that is told to wait must find some left when it resumes. */
    static final long RELIABLE_FLOW_BYTES = 256 << 10;

    private final long bestEffortBoundBytes;
    private final long reliableBoundBytes;
    private final Tally tally;
    private final Aim aim = new Aim();
    private final ServedClock served = new ServedClock(aim);
    private final Deque<F> sparse = new ArrayDeque<>();
    private final Deque<F> bulk = new ArrayDeque<>();
    private final List<F> parked = new ArrayList<>();
    private int round;
    private long bestEffortBytes;
    private long reliableBytes;

    /**
     * An empty queue.
     *
     * @param boundBytes what best-effort flows may have waiting together; reliable flows as much again
     * @param tally hears of every packet dropped or marked
     */
    public FairQueue(long boundBytes, Tally tally) {
        this.bestEffortBoundBytes = boundBytes;
        this.reliableBoundBytes = boundBytes;
        this.tally = tally;
    }

    @Override
    public void tune(long rateBytesPerSecond, long slowestRttNanos, long nowNanos) {
        aim.tune(rateBytesPerSecond, slowestRttNanos, nowNanos);
    }

    // ---- in ----

    @Override
    public boolean offer(F flow, Parcel parcel, long nowNanos) {
        boolean reliable = flow.delivery() == Delivery.RELIABLE;
        if (reliable && isFull(flow)) {
            return false;
        }
        if (bestEffortBytes == 0) {
            onIdle(nowNanos);
        }
        parcel.servedSinceNanos = served.at(nowNanos);
        boolean wasOver = flow.waitingBytes() > SPARSE_BYTES;
        flow.append(parcel);
        if (!wasOver) {
            flow.overNanos = nowNanos;
        }
        account(flow, parcel.sizeBytes());
        if (flow.place == Place.IDLE) {
            enter(flow, nowNanos);
        }
        while (!reliable && bestEffortBytes > bestEffortBoundBytes && dropFromLargest()) {}
        return true;
    }

    /** Nothing has waited till now; links that were idle for long begin anew. */
    private void onIdle(long nowNanos) {
        if (nowNanos - served.servedNanos() >= LONG_IDLE_NANOS) {
            aim.onRamp(nowNanos);
        }
        served.onIdle(nowNanos);
    }

    private boolean isFull(F flow) {
        return !flow.isEmpty() && (flow.waitingBytes() >= RELIABLE_FLOW_BYTES || reliableBytes >= reliableBoundBytes);
    }

    @Override
    public boolean hasRoom(F flow) {
        return flow.isEmpty() || (flow.waitingBytes() <= RELIABLE_FLOW_BYTES / 2 && reliableBytes < reliableBoundBytes);
    }

    private void enter(F flow, long nowNanos) {
        if (flow.everBulk && nowNanos - flow.bulkUntilNanos < 0) {
            flow.deficitBytes = QUANTUM_BYTES;
            place(flow, Place.BULK);
            return;
        }
        if (bulk.isEmpty() || flow.round != round) {
            flow.deficitBytes = QUANTUM_BYTES;
            flow.round = round;
        }
        place(flow, Place.SPARSE);
    }

    private void place(F flow, Place place) {
        flow.place = place;
        switch (place) {
            case SPARSE -> sparse.add(flow);
            case BULK -> {
                flow.round = round + 1;
                bulk.add(flow);
            }
            case PARKED -> parked.add(flow);
            case IDLE -> {}
        }
    }

    private boolean dropFromLargest() {
        F largest = largest(bulk, largest(sparse, null));
        Parcel victim = largest == null ? null : largest.removeOldestUntouched();
        if (largest == null || victim == null) {
            return false;
        }
        drop(largest, victim, "queue_overflow");
        return true;
    }

    private @Nullable F largest(Deque<F> flows, @Nullable F soFar) {
        F largest = soFar;
        for (F flow : flows) {
            if (flow.delivery() == Delivery.BEST_EFFORT
                    && (largest == null || flow.waitingBytes() > largest.waitingBytes())) {
                largest = flow;
            }
        }
        return largest;
    }

    private void drop(F flow, Parcel victim, String cause) {
        account(flow, -victim.sizeBytes());
        victim.release();
        tally.count(cause);
    }

    // ---- out ----

    @Override
    public @Nullable F sparse(long nowNanos) {
        while (true) {
            F flow = sparse.peek();
            if (flow == null) {
                return null;
            }
            tidy(flow, nowNanos);
            if (flow.isEmpty()) {
                leave(sparse, flow);
            } else if (flow.deficitBytes <= 0 || flow.waitingBytes() > SPARSE_BYTES) {
                sparse.remove();
                flow.deficitBytes += flow.deficitBytes <= 0 ? QUANTUM_BYTES : 0;
                place(flow, Place.BULK);
            } else {
                return flow;
            }
        }
    }

    @Override
    public @Nullable F bulk(long nowNanos) {
        while (true) {
            F flow = bulk.peek();
            if (flow == null) {
                return null;
            }
            round = flow.round;
            tidy(flow, nowNanos);
            if (flow.isEmpty()) {
                leave(bulk, flow);
            } else if (flow.deficitBytes <= 0) {
                flow.deficitBytes += QUANTUM_BYTES;
                bulk.remove();
                place(flow, Place.BULK);
            } else {
                stick(flow, nowNanos);
                return flow;
            }
        }
    }

    /** Drops and marks what must be at the head of a flow. */
    private void tidy(F flow, long nowNanos) {
        if (flow.delivery() == Delivery.BEST_EFFORT) {
            dropAged(flow, nowNanos);
            if (aim.isRamping(nowNanos)) {
                flow.codel.onEmpty();
            } else {
                judge(flow, served.at(nowNanos));
            }
        }
    }

    private void dropAged(F flow, long nowNanos) {
        Parcel head = flow.head();
        while (head != null && head.takenBytes() == 0 && nowNanos - head.sinceNanos() > MAX_AGE_NANOS) {
            flow.removeOldestUntouched();
            drop(flow, head, "queue_aged");
            head = flow.head();
        }
    }

    private void judge(F flow, long servedNanos) {
        Parcel head = flow.head();
        while (head != null && !head.judged) {
            long behindBytes = flow.waitingBytes() - head.remainingBytes();
            if (!flow.codel.judge(
                    servedNanos - head.servedSinceNanos - flow.toleratedNanos(), behindBytes, servedNanos, aim)) {
                head.judged = true;
            } else if (head.mark()) {
                head.judged = true;
                tally.count("queue_ecn_marked");
            } else {
                dropAtHead(flow, head);
                head = flow.head();
            }
        }
    }

    /** Of a super-packet one segment is enough to tell its sender. */
    private void dropAtHead(F flow, Parcel head) {
        int droppedBytes = flow.dropSegment();
        if (droppedBytes > 0) {
            account(flow, -droppedBytes);
            tally.count("queue_codel");
        } else {
            flow.removeOldestUntouched();
            drop(flow, head, "queue_codel");
        }
    }

    private boolean staysOver(F flow, long nowNanos) {
        return flow.waitingBytes() > SPARSE_BYTES && nowNanos - flow.overNanos >= aim.pacingNanos();
    }

    private void stick(F flow, long nowNanos) {
        if (staysOver(flow, nowNanos)) {
            flow.everBulk = true;
            flow.bulkUntilNanos = nowNanos + BULK_STICKS_NANOS;
        }
    }

    private void leave(Deque<F> list, F flow) {
        list.remove();
        flow.place = Place.IDLE;
        flow.codel.onEmpty();
    }

    @Override
    public void taken(F flow, int lengthBytes, long nowNanos) {
        served.onServed(nowNanos);
        flow.take(lengthBytes);
        flow.deficitBytes -= lengthBytes;
        account(flow, -lengthBytes);
    }

    @Override
    public void park(F flow) {
        (flow.place == Place.SPARSE ? sparse : bulk).remove(flow);
        place(flow, Place.PARKED);
    }

    @Override
    public void unpark(F flow) {
        if (flow.place == Place.PARKED) {
            parked.remove(flow);
            place(flow, Place.BULK);
        }
    }

    // ---- all ----

    @Override
    public long waitingBytes() {
        return bestEffortBytes + reliableBytes;
    }

    @Override
    public void clear() {
        for (Iterable<F> list : List.of(sparse, bulk, parked)) {
            for (F flow : list) {
                account(flow, -flow.waitingBytes());
                flow.clear();
                flow.place = Place.IDLE;
            }
        }
        sparse.clear();
        bulk.clear();
        parked.clear();
    }

    private void account(F flow, long bytes) {
        if (flow.delivery() == Delivery.RELIABLE) {
            reliableBytes += bytes;
        } else {
            bestEffortBytes += bytes;
        }
    }
}
