package io.bindlink.core.mux;

import io.bindlink.api.Arrival;
import io.bindlink.api.MultiplexerContext;
import io.bindlink.core.base.Serial;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The flows at their receiver: puts chunks back in order, each once, and hands whole packets out. Confined to its
 * session.
 */
final class Receiver {
    /** Chunks that may lie between the first missing one and the newest of an ordered flow. */
    private static final long ORDERED_SPAN = 8_192;

    /** By then nothing waits for its time any more. */
    private static final long EVERY_WAIT_NANOS = 2 * Playout.LONGEST_NANOS;

    /** Chunks of an unordered flow that are remembered, so that copies are known. */
    private static final long UNORDERED_SPAN = 1_024;

    private final MultiplexerContext context;
    private final BondingLimits limits;
    private final InboundLinks links;
    private final Holes holes;
    private final Credits credits;
    private final Outlet outlet;
    private final ReorderDelays delays;
    private final SlotTable<Inflow> table = new SlotTable<>();
    private final Slabs bestEffortSlabs = new Slabs();
    private final Slabs reliableSlabs = new Slabs();
    private final Deque<Held> idle = new ArrayDeque<>();
    private final List<Inflow> waiting = new ArrayList<>(); // what is in order waits for its time

    Receiver(MultiplexerContext context, BondingLimits limits, InboundLinks links, Holes holes, Credits credits) {
        this.context = context;
        this.limits = limits;
        this.links = links;
        this.holes = holes;
        this.credits = credits;
        this.outlet = new Outlet(context);
        this.delays = new ReorderDelays(context);
    }

    // ---- inputs ----

    void handleData(ChunkReader chunk, ByteBuffer payload, Arrival arrival) {
        Inflow flow = flowAt(chunk.key());
        long sequence = Serial.expand(flow.end(), chunk.sequence(), ChunkLayout.SEQUENCE_BITS);
        if (sequence < flow.next() || flow.isComplete(sequence)) {
            context.count("mux_duplicate", 1);
        } else if (flow.flowClass() == FlowClass.RELIABLE && sequence >= creditLimit(flow)) {
            context.count("mux_malformed", 1);
        } else if (flow.flowClass() == FlowClass.UNORDERED) {
            handleUnordered(flow, sequence, chunk, payload, arrival);
        } else {
            handleOrdered(flow, sequence, chunk, payload, arrival);
        }
    }

    /** The sender will send nothing below a sequence again. */
    void handleFloor(int key, int lowSequence, long nowNanos) {
        Inflow flow = table.get(key);
        if (flow == null || flow.flowClass() != FlowClass.ORDERED) {
            return;
        }
        long floor = Serial.expand(flow.end(), lowSequence, ChunkLayout.SEQUENCE_BITS);
        while (flow.scan() < floor) {
            pass(flow, Math.min(floor, flow.scan() == flow.end() ? floor : flow.followingComplete()), nowNanos);
        }
    }

    /** The device takes packets of a reliable flow again. */
    void handleDeliverable(int flowNumber, long nowNanos) {
        Inflow flow = table.get(ChunkLayout.key(FlowClass.RELIABLE, ChunkLayout.reliableSlot(flowNumber)));
        if (flow != null) {
            flow.stalled = false;
            drain(flow, nowNanos);
        }
    }

    /** The sender says how much later than on the quickest link a flow is to be delivered. */
    void handlePlayout(int key, long behindNanos) {
        if (ChunkLayout.classOf(key) == FlowClass.ORDERED) {
            flowAt(key).playout.behind(behindNanos);
        }
    }

    /** Delivers what waited for its time, and passes over holes that were waited for long enough. */
    void handleTimeout(long nowNanos) {
        for (int i = waiting.size() - 1; i >= 0; i--) {
            drain(waiting.get(i), nowNanos); // takes itself out when nothing waits any more
        }
        for (Hole hole = holes.expired(nowNanos); hole != null; hole = holes.expired(nowNanos)) {
            context.count("mux_holes_expired", 1);
            pass(hole.flow(), hole.flow().followingComplete(), nowNanos);
        }
    }

    /** When {@link #handleTimeout} must be called next; {@code Long.MAX_VALUE}: never. */
    long deadlineNanos() {
        long deadline = holes.deadlineNanos();
        for (int i = 0; i < waiting.size(); i++) {
            Inflow flow = waiting.get(i);
            deadline = Math.min(deadline, flow.readyNanos());
        }
        return deadline;
    }

    /** Where a reliable flow's sender must stop; asked when the credit is sent. */
    long creditLimit(int key) {
        return creditLimit(flowAt(key));
    }

    private static long creditLimit(Inflow flow) {
        return flow.next() + flow.window.chunks();
    }

    /** What a reliable flow's credit says besides, in its flags. */
    int creditFlags(int key) {
        return flowAt(key).window.doublings() << ChunkLayout.DOUBLINGS_SHIFT;
    }

    void clear() {
        table.forEach(flow -> {
            while (flow.next() < flow.end()) {
                release(flow, flow.removeNext());
            }
        });
        table.clear();
        waiting.clear();
        delays.tell(context.nowNanos());
    }

    /** Nothing but the time has passed: what was gathered is counted. */
    void look(long nowNanos) {
        delays.look(nowNanos);
    }

    /** Bytes held back. */
    long heldBytes() {
        return bestEffortSlabs.lentBytes() + reliableSlabs.lentBytes();
    }

    // ---- flows without order ----

    private void handleUnordered(Inflow flow, long sequence, ChunkReader chunk, ByteBuffer payload, Arrival arrival) {
        if (sequence - flow.next() >= UNORDERED_SPAN) {
            forgetTo(flow, sequence - UNORDERED_SPAN + 1);
        }
        if (chunk.isWholePacket()) {
            outlet.deliver(flow, chunk, payload);
        } else if (!deliverFromParts(flow, sequence, chunk, payload, arrival)) {
            return;
        }
        release(flow, flow.at(sequence));
        flow.put(sequence, Held.DELIVERED);
        while (flow.isComplete(flow.next())) {
            flow.removeNext();
        }
    }

    private boolean deliverFromParts(
            Inflow flow, long sequence, ChunkReader chunk, ByteBuffer payload, Arrival arrival) {
        Held held = store(flow, sequence, chunk, payload, arrival);
        if (held == null || !held.isComplete()) {
            return false;
        }
        outlet.deliver(flow, held);
        return true;
    }

    private void forgetTo(Inflow flow, long sequence) {
        while (flow.next() < Math.min(sequence, flow.end())) {
            release(flow, flow.removeNext());
        }
        if (flow.next() < sequence) {
            flow.skipTo(sequence);
        }
    }

    // ---- flows in order ----

    private void handleOrdered(Inflow flow, long sequence, ChunkReader chunk, ByteBuffer payload, Arrival arrival) {
        long nowNanos = arrival.receivedNanos();
        boolean reliable = flow.flowClass() == FlowClass.RELIABLE;
        while (!reliable && sequence - flow.next() >= ORDERED_SPAN) {
            passTowards(flow, sequence - ORDERED_SPAN + 1, nowNanos);
        }
        boolean inTurn = sequence == flow.next() && flow.at(sequence) == null && !flow.stalled;
        inTurn &= reliable || flow.playout.isDue(arrival.sentNanos(), nowNanos);
        if (inTurn && chunk.isWholePacket() && !chunk.isSuper()) {
            if (outlet.deliver(flow, chunk, payload) || !reliable) {
                flow.removeNext();
                onDelivered(flow, 1);
                drainBehind(flow, nowNanos);
                return;
            }
            flow.stalled = true;
        }
        if (store(flow, sequence, chunk, payload, arrival) != null) {
            drain(flow, nowNanos);
        }
    }

    private void drainBehind(Inflow flow, long nowNanos) {
        if (flow.end() > flow.next() || flow.hole.open) {
            drain(flow, nowNanos);
        }
    }

    /** Hands out what is complete and in turn. */
    private void drain(Inflow flow, long nowNanos) {
        flow.advanceScan();
        long before = flow.next();
        while (!flow.stalled
                && flow.next() < flow.scan()
                && isDue(flow, flow.next(), nowNanos)
                && deliverNext(flow, nowNanos)) {}
        onDelivered(flow, flow.next() - before);
        if (flow.flowClass() == FlowClass.ORDERED) {
            holes.update(flow, nowNanos);
            watch(flow, nowNanos);
        }
    }

    private static boolean isDue(Inflow flow, long sequence, long nowNanos) {
        return flow.flowClass() == FlowClass.RELIABLE || flow.playout.isDue(flow.sentNanos(sequence), nowNanos);
    }

    /** Keeps the list of flows of which a chunk waits for its time. */
    private void watch(Inflow flow, long nowNanos) {
        boolean waits =
                flow.next() < flow.scan() && (flow.train.covers(flow.next()) || !isDue(flow, flow.next(), nowNanos));
        if (waits && !flow.waits) {
            waiting.add(flow);
        } else if (!waits && flow.waits) {
            waiting.remove(flow);
        }
        flow.waits = waits;
    }

    private void onDelivered(Inflow flow, long chunks) {
        if (chunks > 0 && flow.flowClass() == FlowClass.RELIABLE) {
            credits.onDelivered(flow, chunks, context.nowNanos());
        }
    }

    /** Delivers what begins at {@code next}; false when it must wait, because it is not all here or the device is full. */
    private boolean deliverNext(Inflow flow, long nowNanos) {
        Held head = flow.complete(flow.next());
        if (head.isFirst()) {
            flow.train.end();
            if (head.segmentBytes() > 0 && !flow.train.begin(head, flow.next())) {
                context.count("mux_malformed", 1);
                release(flow, flow.removeNext());
                return true;
            }
        }
        return flow.train.covers(flow.next()) ? deliverRun(flow, nowNanos) : deliverPacket(flow);
    }

    /** Delivers the segments of a super-packet that are here and due, all of them or when the first has waited. */
    private boolean deliverRun(Inflow flow, long nowNanos) {
        Train train = flow.train;
        long end = flow.next();
        while (end < flow.scan()
                && train.covers(end)
                && train.fits(flow.complete(end), end)
                && (end == flow.next() || isDue(flow, end, nowNanos))) {
            end++;
        }
        if (end == flow.next()) { // another size than its super-packet's segments have
            dropNext(flow);
        } else if (end < train.endSequence() && nowNanos - flow.togetherNanos() < 0) {
            return false;
        } else {
            boolean unused = outlet.deliverRun(flow, end);
            removeBefore(flow, end);
        }
        return true;
    }

    private boolean deliverPacket(Inflow flow) {
        long last = flow.next();
        int packetBytes = 0;
        while (true) {
            Held held = flow.complete(last);
            packetBytes += held.lengthBytes();
            if (held.isFirst() != (last == flow.next()) || packetBytes > ChunkLayout.MAX_PACKET_BYTES) {
                dropNext(flow); // a piece of a packet whose rest is gone
                return true;
            }
            if (held.isLast()) {
                break;
            }
            if (++last == flow.scan()) {
                return false;
            }
        }
        if (!outlet.deliver(flow, last) && flow.flowClass() == FlowClass.RELIABLE) {
            flow.stalled = true;
            return false;
        }
        removeBefore(flow, last + 1);
        return true;
    }

    private void removeBefore(Inflow flow, long end) {
        while (flow.next() < end) {
            release(flow, flow.removeNext());
        }
    }

    private void dropNext(Inflow flow) {
        context.count("mux_incomplete", 1);
        release(flow, flow.removeNext());
    }

    private void passTowards(Inflow flow, long sequence, long nowNanos) {
        boolean hasHole = flow.scan() < flow.end();
        pass(flow, hasHole ? Math.min(flow.followingComplete(), sequence) : sequence, nowNanos);
    }

    /** Gives up what is missing before a sequence, and with it the packet, or the segments, it belongs to. */
    private void pass(Inflow flow, long sequence, long nowNanos) {
        while (flow.next() < flow.scan() && deliverNext(flow, nowNanos + EVERY_WAIT_NANOS)) {}
        while (flow.next() < Math.min(sequence, flow.end())) {
            if (flow.isComplete(flow.next())) {
                dropNext(flow);
            } else {
                release(flow, flow.removeNext());
            }
        }
        if (flow.next() < sequence) {
            flow.skipTo(sequence);
        }
        drain(flow, nowNanos);
    }

    // ---- buffers ----

    /** Keeps a chunk, or a part of one; null when there is no room for it. */
    private @Nullable Held store(Inflow flow, long sequence, ChunkReader chunk, ByteBuffer payload, Arrival arrival) {
        boolean reliable = flow.flowClass() == FlowClass.RELIABLE;
        long boundBytes = reliable ? 2 * limits.bufferBytes() : limits.heldBytes();
        Slabs slabs = slabs(flow);
        if (slabs.lentBytes() > boundBytes) {
            context.count(reliable ? "mux_malformed" : "mux_held_overflow", 1); // reliable: beyond all credit
            return null;
        }
        Held held = flow.at(sequence);
        if (held == null) {
            held = idle.poll();
            if (held == null) {
                held = new Held();
            }
            held.begin(chunk, arrival);
            flow.put(sequence, held);
            credits.onHeld(reliable ? 1 : 0);
            if (flow.flowClass() == FlowClass.ORDERED) {
                delays.held();
            }
        }
        held.take(chunk, payload, slabs);
        return held;
    }

    private void release(Inflow flow, @Nullable Held held) {
        if (held != null && held != Held.DELIVERED) {
            if (flow.flowClass() == FlowClass.ORDERED) {
                delays.released(context.nowNanos() - held.receivedNanos());
            }
            held.clear(slabs(flow));
            idle.push(held);
            credits.onHeld(flow.flowClass() == FlowClass.RELIABLE ? -1 : 0);
        }
    }

    private Slabs slabs(Inflow flow) {
        return flow.flowClass() == FlowClass.RELIABLE ? reliableSlabs : bestEffortSlabs;
    }

    private Inflow flowAt(int key) {
        Inflow flow = table.get(key);
        if (flow == null) {
            flow = new Inflow(key, limits.firstSequence(), new Playout(links), context.nowNanos());
            table.put(key, flow);
        }
        return flow;
    }
}
