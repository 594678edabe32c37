package io.bindlink.core.queue;

import io.bindlink.api.Delivery;
import io.bindlink.core.queue.Backlog.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue that serves flows in fair shares by deficit round robin, those that send little first.
 *
 * <p>A flow that comes anew is sparse until it has sent more than one quantum without falling empty, or holds more than
 * two; from then on it shares in the rounds, for ten seconds at least. When too much waits, the oldest packet of the
 * best-effort flow with the most waiting goes, so that one flow's overload is its own. A reliable flow is refused
 * instead. Confined to its session.
 *
 * @param <F> the multiplexer's flow
 */
public final class FairQueue<F extends Backlog> implements FlowQueue<F> {
    /** A flow's share of one round: a full packet of an ordinary network. */
    static final int QUANTUM_BYTES = 1_514;

    /** How long a flow that was bulk once counts as bulk: bulk flows pause, and must not jump the queue each time. */
    static final long BULK_STICKS_NANOS = 10_000_000_000L;

    /** Best-effort packets older than this are dropped: their sender has sent them again long ago. */
    static final long MAX_AGE_NANOS = 1_000_000_000L;

    /** What one reliable flow may have waiting: a device that is told to wait must find some left when it resumes. */
    static final long RELIABLE_FLOW_BYTES = 256 << 10;

    private final long bestEffortBoundBytes;
    private final long reliableBoundBytes;
    private final DropListener drops;
    private final Deque<F> sparse = new ArrayDeque<>();
    private final Deque<F> bulk = new ArrayDeque<>();
    private final List<F> parked = new ArrayList<>();
    private long bestEffortBytes;
    private long reliableBytes;

    /**
     * An empty queue.
     *
     * @param boundBytes what best-effort flows may have waiting together; reliable flows as much again
     * @param drops hears of every packet dropped
     */
    public FairQueue(long boundBytes, DropListener drops) {
        this.bestEffortBoundBytes = boundBytes;
        this.reliableBoundBytes = boundBytes;
        this.drops = drops;
    }

    @Override
    public boolean offer(F flow, Parcel parcel, long nowNanos) {
        boolean reliable = flow.delivery() == Delivery.RELIABLE;
        if (reliable && isFull(flow)) {
            return false;
        }
        flow.append(parcel);
        account(flow, parcel.sizeBytes());
        if (flow.place == Place.IDLE) {
            enter(flow, nowNanos);
        }
        while (!reliable && bestEffortBytes > bestEffortBoundBytes && dropFromLargest()) {}
        return true;
    }

    private boolean isFull(F flow) {
        return !flow.isEmpty() && (flow.waitingBytes() >= RELIABLE_FLOW_BYTES || reliableBytes >= reliableBoundBytes);
    }

    @Override
    public boolean hasRoom(F flow) {
        return flow.isEmpty() || (flow.waitingBytes() <= RELIABLE_FLOW_BYTES / 2 && reliableBytes < reliableBoundBytes);
    }

    private void enter(F flow, long nowNanos) {
        flow.deficitBytes = QUANTUM_BYTES;
        if (flow.everBulk && nowNanos - flow.bulkUntilNanos < 0) {
            place(flow, Place.BULK);
        } else {
            place(flow, Place.SPARSE);
        }
    }

    private void place(F flow, Place place) {
        flow.place = place;
        switch (place) {
            case SPARSE -> sparse.add(flow);
            case BULK -> bulk.add(flow);
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
        drops.dropped(cause);
    }

    @Override
    public @Nullable F sparse(long nowNanos) {
        while (true) {
            F flow = sparse.peek();
            if (flow == null) {
                return null;
            }
            dropAged(flow, nowNanos);
            if (flow.isEmpty()) {
                leave(sparse, flow);
            } else if (flow.deficitBytes <= 0 || flow.waitingBytes() > 2 * QUANTUM_BYTES) {
                sparse.remove();
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
            dropAged(flow, nowNanos);
            if (flow.isEmpty()) {
                leave(bulk, flow);
            } else if (flow.deficitBytes <= 0) {
                flow.deficitBytes += QUANTUM_BYTES;
                bulk.add(bulk.remove());
            } else {
                stick(flow, nowNanos);
                return flow;
            }
        }
    }

    private void stick(F flow, long nowNanos) {
        if (flow.waitingBytes() > 2 * QUANTUM_BYTES) {
            flow.everBulk = true;
            flow.bulkUntilNanos = nowNanos + BULK_STICKS_NANOS;
        }
    }

    private void leave(Deque<F> list, F flow) {
        list.remove();
        flow.place = Place.IDLE;
    }

    private void dropAged(F flow, long nowNanos) {
        if (flow.delivery() == Delivery.RELIABLE) {
            return;
        }
        Parcel head = flow.head();
        while (head != null && head.takenBytes() == 0 && nowNanos - head.sinceNanos() > MAX_AGE_NANOS) {
            flow.removeOldestUntouched();
            drop(flow, head, "queue_aged");
            head = flow.head();
        }
    }

    @Override
    public void taken(F flow, int lengthBytes, long nowNanos) {
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
