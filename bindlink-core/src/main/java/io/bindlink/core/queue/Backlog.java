package io.bindlink.core.queue;

import io.bindlink.api.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * What waits of one flow, first in first out, and the flow's place in the queue. The multiplexer's flow extends it, so
 * that queue and flow table need no look-ups in each other. Confined to its session.
 */
public abstract class Backlog {
    /** Where a flow stands in the queue. */
    enum Place {
        /** In no list: nothing waits. */
        IDLE,
        /** Among the flows that send little. */
        SPARSE,
        /** Among the flows that share what is left. */
        BULK,
        /** Something waits, but the flow may not send. */
        PARKED
    }

    private final Delivery delivery;
    private long toleratedNanos;
    private @Nullable Parcel head;
    private @Nullable Parcel tail;
    private int packets;
    private long waitingBytes;

    /** Place in the queue, kept by it. */
    Place place = Place.IDLE;

    /** Bytes the flow may still send in its {@link #round}. */
    int deficitBytes;

    /** The round of the bulk flows that {@link #deficitBytes} is for. */
    int round = -1; // none yet

    /** Since when more waits than a sparse flow has; meaningful while that is so. */
    long overNanos;

    /** Until when the flow counts as bulk; meaningful when {@link #everBulk}. */
    long bulkUntilNanos;

    /** Whether {@link #bulkUntilNanos} was ever set. */
    boolean everBulk;

    /** Decides which packets tell the sender to slow down. */
    final Codel codel = new Codel();

    /**
     * A flow of which nothing waits.
     *
     * @param delivery what it is promised: a reliable flow is refused when full, a best-effort one is cut short
     */
    protected Backlog(Delivery delivery) {
        this.delivery = delivery;
    }

    /**
     * What the flow is promised.
     *
     * @return the same for the flow's life
     */
    public final Delivery delivery() {
        return delivery;
    }

    /**
     * The packet to be sent next.
     *
     * @return null when nothing waits
     */
    public final @Nullable Parcel head() {
        return head;
    }

    /**
     * Whether nothing waits.
     *
     * @return true for an empty flow
     */
    public final boolean isEmpty() {
        return head == null;
    }

    /**
     * How many packets wait, a partly sent one counted in.
     *
     * @return 0 or more
     */
    public final int packets() {
        return packets;
    }

    /**
     * What waits.
     *
     * @return bytes not yet cut into chunks
     */
    public final long waitingBytes() {
        return waitingBytes;
    }

    /**
     * Whether the flow sends little, as far as the queue can tell.
     *
     * @return false for a flow that shares in the rounds
     */
    public final boolean isSparse() {
        return place == Place.SPARSE;
    }

    /**
     * Whether the flow sends much, now or in the last seconds.
     *
     * @param nowNanos the time
     * @return true for a flow that shares in the rounds and has kept a backlog
     */
    public final boolean isBulk(long nowNanos) {
        return place == Place.BULK || (everBulk && nowNanos - bulkUntilNanos < 0);
    }

    /**
     * Lets the flow's packets wait longer before its sender is told to slow down: more links could serve it.
     *
     * @param nanos beyond the queue's target; 0 for no longer
     */
    public final void tolerate(long nanos) {
        toleratedNanos = nanos;
    }

    final long toleratedNanos() {
        return toleratedNanos;
    }

    final void append(Parcel parcel) {
        Parcel last = tail;
        if (last == null) {
            head = parcel;
        } else {
            last.next = parcel;
        }
        tail = parcel;
        packets++;
        waitingBytes += parcel.sizeBytes();
    }

    /** Takes bytes off the head; true when that used it up and the next packet is head. */
    final boolean take(int lengthBytes) {
        Parcel first = first();
        first.take(lengthBytes);
        waitingBytes -= lengthBytes;
        if (first.remainingBytes() > 0) {
            return false;
        }
        unlinkHead(first);
        first.release();
        return true;
    }

    /** Drops the first segment of a head that is an untouched super-packet; answers its bytes, 0 when it is none. */
    final int dropSegment() {
        int droppedBytes = first().dropSegment();
        waitingBytes -= droppedBytes;
        return droppedBytes;
    }

    /** Removes the oldest packet nothing was sent of; null when there is none. */
    final @Nullable Parcel removeOldestUntouched() {
        Parcel first = head;
        if (first == null || first.takenBytes() == 0) {
            return first == null ? null : removed(first, null);
        }
        Parcel second = first.next;
        return second == null ? null : removed(second, first);
    }

    private Parcel removed(Parcel parcel, @Nullable Parcel before) {
        if (before == null) {
            unlinkHead(parcel);
        } else {
            before.next = parcel.next;
            if (tail == parcel) {
                tail = before;
            }
            packets--;
        }
        waitingBytes -= parcel.remainingBytes();
        parcel.next = null;
        return parcel;
    }

    private void unlinkHead(Parcel first) {
        head = first.next;
        if (head == null) {
            tail = null;
        }
        first.next = null;
        packets--;
    }

    /** Releases all that waits. */
    final void clear() {
        while (head != null) {
            Parcel parcel = first();
            unlinkHead(parcel);
            parcel.release();
        }
        waitingBytes = 0;
    }

    private Parcel first() {
        Parcel first = head;
        if (first == null) {
            throw new IllegalStateException("nothing waits in this flow");
        }
        return first;
    }
}
