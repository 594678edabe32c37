package io.bindlink.core.sim;

import io.bindlink.core.base.Rates;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Queue and server of a link: frames go in, and come out in the same order when capacity has carried them. The frame at
 * the head is in service; when it will be out is computed once, as it gets there. Confined to its link.
 */
final class Bottleneck {
    private final Deque<Frame> queue = new ArrayDeque<>();
    private long queuedBytes;
    private long rateBytesPerSecond;
    private @Nullable TraceCursor trace;
    private long creditBytes; // what is left of the trace's last opportunity
    private long creditNanos; // when that opportunity was
    private long freeNanos; // when the frame before the head was out
    private boolean used; // whether freeNanos means something
    private long serviceNanos; // since when the head has been served
    private double serviceBytes; // what of it was left then
    private long departureNanos; // when the head will be out; Long.MAX_VALUE when the queue is empty

    Bottleneck() {
        departureNanos = Long.MAX_VALUE;
    }

    /** Takes another rate, 0 for none, at once: what is left of the head goes on at the new one. */
    void setRate(long bytesPerSecond, long nowNanos) {
        if (!queue.isEmpty()) {
            double served = (nowNanos - serviceNanos) / (double) Rates.NANOS_PER_SECOND * rateBytesPerSecond;
            serviceBytes = Math.max(0, serviceBytes - served); // under a trace the rate is 0: the head begins anew
            serviceNanos = nowNanos;
        }
        trace = null;
        rateBytesPerSecond = bytesPerSecond;
        if (!queue.isEmpty()) {
            departureNanos = serviceNanos + serviceTimeNanos();
        }
    }

    /** Takes a trace, from now on; the head begins anew. */
    void setTrace(CapacityTrace newTrace, long offsetNanos, long nowNanos) {
        trace = new TraceCursor(newTrace, offsetNanos, nowNanos);
        rateBytesPerSecond = 0;
        creditBytes = 0;
        used = true;
        freeNanos = nowNanos;
        if (!queue.isEmpty()) {
            beginService();
        }
    }

    void enqueue(Frame frame) {
        queue.addLast(frame);
        queuedBytes += frame.sizeBytes();
        if (queue.size() == 1) {
            beginService();
        }
    }

    /** The next frame that is out by a time, its time in {@link Frame#dueNanos}; null when there is none. */
    @Nullable
    Frame poll(long nowNanos) {
        if (queue.isEmpty() || departureNanos - nowNanos > 0) {
            return null;
        }
        Frame frame = queue.removeFirst();
        frame.schedule(departureNanos, 0);
        queuedBytes -= frame.sizeBytes();
        freeNanos = departureNanos;
        used = true;
        if (queue.isEmpty()) {
            departureNanos = Long.MAX_VALUE;
        } else {
            beginService();
        }
        return frame;
    }

    /** Takes a frame out without serving it; null when the queue is empty. */
    @Nullable
    Frame discard() {
        Frame frame = queue.pollFirst();
        queuedBytes -= frame == null ? 0 : frame.sizeBytes();
        if (queue.isEmpty()) {
            departureNanos = Long.MAX_VALUE;
        }
        return frame;
    }

    /** When the head will be out; {@link Long#MAX_VALUE} when nothing waits. */
    long nextNanos() {
        return departureNanos;
    }

    /** What waits, the frame in service included. */
    long queuedBytes() {
        return queuedBytes;
    }

    /** For how long the head has been here. */
    long headAgeNanos(long nowNanos) {
        Frame head = queue.peekFirst();
        return head == null ? 0 : nowNanos - head.sentNanos();
    }

    private void beginService() {
        Frame head = queue.getFirst();
        serviceNanos = used && freeNanos - head.sentNanos() > 0 ? freeNanos : head.sentNanos();
        serviceBytes = head.sizeBytes();
        departureNanos = trace == null ? serviceNanos + serviceTimeNanos() : spendOpportunities(trace, head);
    }

    private long serviceTimeNanos() {
        return rateBytesPerSecond == 0
                ? 0
                : (long) Math.ceil(serviceBytes * Rates.NANOS_PER_SECOND / rateBytesPerSecond);
    }

    private long spendOpportunities(TraceCursor cursor, Frame head) {
        if (head.sentNanos() - creditNanos > 0) {
            creditBytes = 0; // it came too late for what was left
        }
        long needBytes = head.sizeBytes();
        while (creditBytes < needBytes) {
            needBytes -= creditBytes;
            cursor.seek(serviceNanos);
            creditNanos = cursor.nanos();
            creditBytes = CapacityTrace.OPPORTUNITY_BYTES;
            cursor.next();
        }
        creditBytes -= needBytes;
        return creditNanos;
    }
}
