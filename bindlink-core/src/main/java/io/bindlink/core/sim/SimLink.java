package io.bindlink.core.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a simulated link. Sans-IO: datagrams go in by {@link #send}, come out by {@link #poll} when they are
 * due, and {@link #nextNanos} tells when to ask again; the clock is the caller's, virtual or real, and must not run
 * backwards. On virtual time arrivals are exact. The same model, seed, datagrams and times give the same fate to each.
 * Not thread-safe: confined to its owner.
 */
public final class SimLink {
    private static final int MAX_SPARE_FRAMES = 256; // 512 KiB of ready frames; more than a usual queue needs

    private LinkModel model;
    private final RandomGenerator fate; // apart from the jitter's, so that jitter does not change who is lost
    private final Jitter jitter;
    private final Bottleneck bottleneck = new Bottleneck();
    private final PriorityQueue<Frame> flying = new PriorityQueue<>(Frame::compare);
    private final Deque<Frame> spares = new ArrayDeque<>();
    private @Nullable Frame polled;
    private boolean started;
    private boolean cut;
    private boolean burst;
    private double policerBytes;
    private long policerNanos;
    private long lastDueNanos;
    private boolean anyDue;
    private long order;

    private long sentPackets;
    private long sentBytes;
    private long deliveredPackets;
    private long deliveredBytes;
    private long lostPackets;
    private long lostBytes;
    private long queueDrops;
    private long policerDrops;
    private long tooLargeDrops;
    private long cutDrops;
    private long duplicates;
    private long servedPackets;
    private long maxQueuedBytes;
    private long maxQueueDelayNanos;
    private double queueDelayNanosSum;

    /**
     * A link that is whole and empty.
     *
     * @param model how it behaves
     * @param random what its seeds are drawn from, here only
     */
    public SimLink(LinkModel model, RandomGenerator random) {
        this.model = model;
        this.fate = new SplittableRandom(random.nextLong());
        this.jitter = new Jitter(random.nextLong());
    }

    /**
     * Sends a datagram.
     *
     * @param data holds it; copied
     * @param offset where it begins
     * @param length its length
     * @param nowNanos the time
     */
    public void send(byte[] data, int offset, int length, long nowNanos) {
        send(data, offset, length, 0, nowNanos);
    }

    /**
     * Sends a datagram with a number of the sender's own, such as where it came from.
     *
     * @param data holds it; copied
     * @param offset where it begins
     * @param length its length
     * @param mark comes out with it as {@link Frame#mark}
     * @param nowNanos the time
     */
    public void send(byte[] data, int offset, int length, int mark, long nowNanos) {
        advance(nowNanos);
        sentPackets++;
        sentBytes += length;
        int sizeBytes = Math.max(1, length + model.overheadBytes());
        if (cut) {
            cutDrops++;
        } else if (sizeBytes > model.mtuBytes()) {
            tooLargeDrops++;
        } else if (!policerPasses(sizeBytes, nowNanos)) {
            policerDrops++;
        } else if (limited() && bottleneck.queuedBytes() + sizeBytes > model.queueBytes()) {
            queueDrops++;
        } else {
            Frame frame = spare();
            frame.fill(data, offset, length, mark, model.overheadBytes(), nowNanos);
            bottleneck.enqueue(frame);
            maxQueuedBytes = Math.max(maxQueuedBytes, bottleneck.queuedBytes());
            advance(nowNanos);
        }
    }

    /**
     * Takes out the next datagram that has arrived, in order of arrival.
     *
     * @param nowNanos the time
     * @return the datagram, valid until the next call; null when nothing more is due
     */
    public @Nullable Frame poll(long nowNanos) {
        if (polled != null) {
            recycle(polled);
            polled = null;
        }
        advance(nowNanos);
        Frame first = flying.peek();
        if (first == null || first.dueNanos() - nowNanos > 0) {
            return null;
        }
        polled = flying.remove();
        deliveredPackets++;
        deliveredBytes += polled.length();
        return polled;
    }

    /**
     * When to poll again. It may be a little before the next datagram is due, never after.
     *
     * @return nanoseconds on the caller's clock; {@link Long#MAX_VALUE} when the link is empty
     */
    public long nextNanos() {
        Frame first = flying.peek();
        long flyingNanos = first == null ? Long.MAX_VALUE : first.dueNanos();
        long departureNanos = bottleneck.nextNanos();
        if (departureNanos == Long.MAX_VALUE) {
            return flyingNanos;
        }
        long arrivalNanos = departureNanos + Math.max(0, model.delayNanos() - model.jitterNanos());
        return flyingNanos == Long.MAX_VALUE || arrivalNanos - flyingNanos < 0 ? arrivalNanos : flyingNanos;
    }

    /** Cuts the link: what is queued or in flight is gone, and so is all that is sent until {@link #restore}. */
    public void cut() {
        cut = true;
        for (Frame frame = bottleneck.discard(); frame != null; frame = bottleneck.discard()) {
            recycle(frame);
            cutDrops++;
        }
        for (Frame frame = flying.poll(); frame != null; frame = flying.poll()) {
            recycle(frame);
            cutDrops++;
        }
    }

    /** Mends the link after {@link #cut}. */
    public void restore() {
        cut = false;
    }

    /**
     * Whether the link is cut.
     *
     * @return true from {@link #cut} to {@link #restore}
     */
    public boolean isCut() {
        return cut;
    }

    /**
     * How the link behaves.
     *
     * @return the newest model
     */
    public LinkModel model() {
        return model;
    }

    /**
     * Changes how the link behaves, at once. Datagrams in flight arrive as they would have; the queue stays, also where
     * it exceeds a new limit; the same trace goes on where it is, another one begins.
     *
     * @param newModel the new behaviour
     * @param nowNanos the time
     */
    public void set(LinkModel newModel, long nowNanos) {
        advance(nowNanos);
        LinkModel old = model;
        model = newModel;
        if (newModel.trace() == null) {
            bottleneck.setRate(newModel.rateBytesPerSecond(), nowNanos);
        } else if (newModel.trace() != old.trace() || newModel.traceOffsetNanos() != old.traceOffsetNanos()) {
            bottleneck.setTrace(newModel.trace(), newModel.traceOffsetNanos(), nowNanos);
        }
        Policer policer = newModel.policer();
        if (policer != null && !policer.equals(old.policer())) {
            policerBytes = policer.burstBytes();
            policerNanos = nowNanos;
        }
    }

    /**
     * What waits at the bottleneck.
     *
     * @return bytes, overhead and the packet in service included
     */
    public long queuedBytes() {
        return bottleneck.queuedBytes();
    }

    /**
     * For how long the first packet at the bottleneck has been there: how old the queue is.
     *
     * @param nowNanos the time
     * @return nanoseconds; 0 when nothing waits
     */
    public long queueDelayNanos(long nowNanos) {
        advance(nowNanos);
        return bottleneck.headAgeNanos(nowNanos);
    }

    /**
     * What became of the packets so far.
     *
     * @return the counts
     */
    public LinkCounts counts() {
        return new LinkCounts(
                sentPackets,
                sentBytes,
                deliveredPackets,
                deliveredBytes,
                lostPackets,
                lostBytes,
                queueDrops,
                policerDrops,
                tooLargeDrops,
                cutDrops,
                duplicates,
                maxQueuedBytes,
                maxQueueDelayNanos,
                servedPackets == 0 ? 0 : (long) (queueDelayNanosSum / servedPackets));
    }

    /** Carries what the bottleneck has served by now into the air. */
    private void advance(long nowNanos) {
        if (!started) {
            start(nowNanos);
        }
        for (Frame frame = bottleneck.poll(nowNanos); frame != null; frame = bottleneck.poll(nowNanos)) {
            long queueDelayNanos = frame.dueNanos() - frame.sentNanos();
            servedPackets++;
            queueDelayNanosSum += queueDelayNanos;
            maxQueueDelayNanos = Math.max(maxQueueDelayNanos, queueDelayNanos);
            launch(frame);
        }
    }

    private void start(long nowNanos) {
        started = true;
        policerNanos = nowNanos;
        policerBytes = model.policer() == null ? 0 : model.policer().burstBytes();
        if (model.trace() != null) {
            bottleneck.setTrace(model.trace(), model.traceOffsetNanos(), nowNanos);
        } else {
            bottleneck.setRate(model.rateBytesPerSecond(), nowNanos);
        }
    }

    private void launch(Frame frame) {
        // five draws for each packet, whatever is set: its fate hangs on its number alone
        boolean held = fate.nextDouble() < model.reorder();
        boolean doubled = fate.nextDouble() < model.duplicate();
        if (isLost(fate.nextDouble(), fate.nextDouble(), fate.nextDouble())) {
            lostPackets++;
            lostBytes += frame.length();
            recycle(frame);
            return;
        }
        long departureNanos = frame.dueNanos();
        if (doubled) {
            duplicates++;
            Frame copy = spare();
            copy.fill(frame.data(), 0, frame.length(), frame.mark(), model.overheadBytes(), frame.sentNanos());
            fly(frame, departureNanos, held);
            fly(copy, departureNanos, false);
        } else {
            fly(frame, departureNanos, held);
        }
    }

    private boolean isLost(double single, double turn, double hit) {
        BurstLoss burstLoss = model.burstLoss();
        boolean lost = single < model.loss();
        if (burstLoss != null) {
            burst = burst ? turn >= burstLoss.recover() : turn < burstLoss.fail();
            lost |= hit < (burst ? burstLoss.lossInBad() : burstLoss.lossInGood());
        }
        return lost;
    }

    private void fly(Frame frame, long departureNanos, boolean held) {
        long dueNanos = departureNanos + Math.max(0, model.delayNanos() + jitter.nanos(model, departureNanos));
        if (!model.overtaking() && anyDue && lastDueNanos - dueNanos > 0) {
            dueNanos = lastDueNanos;
        }
        if (!anyDue || dueNanos - lastDueNanos > 0) {
            lastDueNanos = dueNanos;
            anyDue = true;
        }
        frame.schedule(held ? dueNanos + model.reorderNanos() : dueNanos, order++);
        flying.add(frame);
    }

    private boolean limited() {
        return model.trace() != null || model.rateBytesPerSecond() > 0;
    }

    private boolean policerPasses(int sizeBytes, long nowNanos) {
        Policer policer = model.policer();
        if (policer == null) {
            return true;
        }
        double filled = (nowNanos - policerNanos) / 1e9 * policer.rateBytesPerSecond();
        policerBytes = Math.min((double) policer.burstBytes(), policerBytes + filled);
        policerNanos = nowNanos;
        if (policerBytes < sizeBytes) {
            return false;
        }
        policerBytes -= sizeBytes;
        return true;
    }

    private Frame spare() {
        Frame frame = spares.pollLast();
        return frame == null ? new Frame() : frame;
    }

    private void recycle(Frame frame) {
        if (spares.size() < MAX_SPARE_FRAMES) {
            spares.addLast(frame);
        }
    }
}
