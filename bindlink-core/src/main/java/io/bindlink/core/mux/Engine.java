package io.bindlink.core.mux;

import io.bindlink.api.Arrival;
import io.bindlink.api.Link;
import io.bindlink.api.LinkState;
import io.bindlink.api.MultiplexerContext;
import io.bindlink.api.Packet;
import io.bindlink.core.base.Serial;
import io.bindlink.core.queue.FairQueue;
import java.nio.ByteBuffer;

/** A started multiplexer: its parts, and how calls pass between them. Confined to its session. */
final class Engine {
    /** How often the queue hears of the links: a round trip of a fast one, and not every packet. */
    private static final long TUNE_NANOS = 20_000_000L;

    private final MultiplexerContext context;
    private final UsableLinks links;
    private final Notices notices = new Notices();
    private final Outcome outcome;
    private final Repairs repairs;
    private final Transit transit;
    private final Outflows flows;
    private final Dispatcher dispatcher;
    private final InboundLinks inbound = new InboundLinks();
    private final Holes holes;
    private final Receiver receiver;
    private final ChunkReader reader = new ChunkReader();
    private boolean pumpSoon;
    private boolean tuned;
    private long tunedNanos;
    private long wakeNanos = Long.MAX_VALUE;

    Engine(MultiplexerContext context, BondingLimits limits) {
        this.context = context;
        links = new UsableLinks(context);
        links.refresh();
        Pieces pieces = new Pieces();
        outcome = new Outcome(context);
        repairs = new Repairs(links, pieces, notices);
        transit = new Transit(pieces, repairs, notices, outcome);
        var queue = new FairQueue<Outflow>(limits.queueBytes(), cause -> context.count(cause, 1));
        flows = new Outflows(context, queue, limits.firstSequence());
        Choice choice = new Choice(context.scheduler(), links, context.random());
        Allowance allowance = new Allowance(context.peer().bufferBytes());
        dispatcher = new Dispatcher(new Dispatcher.Parts(
                flows,
                links,
                choice,
                notices,
                new Telling(),
                pieces,
                repairs,
                transit,
                allowance,
                Math.min(context.peer().largestChunkBytes(), ChunkLayout.MAX_PACKET_BYTES)));
        holes = new Holes(inbound, links);
        receiver = new Receiver(context, limits, inbound, holes, new Credits(notices, links, limits.bufferBytes()));
    }

    /** Fills in what notices say when they leave. */
    private final class Telling implements Notices.Source {
        @Override
        public long sequence(int notice) {
            return noticeSequence(notice);
        }

        @Override
        public int flags(int notice) {
            boolean credit = Notices.kind(notice) == ChunkLayout.KIND_FLOW_CREDIT;
            return credit ? receiver.creditFlags(Notices.key(notice)) : 0;
        }
    }

    private long noticeSequence(int notice) {
        int key = Notices.key(notice);
        if (Notices.kind(notice) == ChunkLayout.KIND_FLOW_CREDIT) {
            return receiver.creditLimit(key);
        }
        Outflow flow = flows.flow(key);
        if (flow == null) {
            throw new IllegalStateException("notice of a flow that never was: " + key);
        }
        if (Notices.kind(notice) == ChunkLayout.KIND_PLAYOUT) {
            return flow.reach.heldNanos() / ChunkLayout.PLAYOUT_UNIT_NANOS;
        }
        flow.onFloorSent();
        return flow.floor();
    }

    // ---- links ----

    void linkChanged(Link link) {
        links.refresh();
        inbound.usable(link.id(), link.state() == LinkState.UP);
        if (link.state() == LinkState.SUSPECT || link.state() == LinkState.DOWN) {
            transit.abandon(link.id(), context.nowNanos());
        } else if (link.state() == LinkState.UP && context.view(link).late()) {
            transit.hasten(link.id(), context.nowNanos());
        }
        holes.judgeAll(context.nowNanos());
        pump();
    }

    void linkRemoved(Link link) {
        links.refresh();
        inbound.forget(link.id());
        transit.remove(link.id(), context.nowNanos());
        holes.judgeAll(context.nowNanos());
        pump();
    }

    // ---- towards the peer ----

    boolean send(Packet packet) {
        boolean taken = flows.send(packet, context.nowNanos());
        pump();
        return taken;
    }

    void acked(Link link, long number) {
        transit.acked(link.id(), number);
    }

    /** Losses come in groups: the pump runs when the last one of them was told. */
    void lost(Link link, long number) {
        transit.lost(link.id(), number, context.nowNanos());
        pumpSoon = true;
        arm();
    }

    void pump() {
        pumpSoon = false;
        tune(context.nowNanos());
        dispatcher.pump(context.nowNanos());
        outcome.backlogged(dispatcher.backlogged(), context.nowNanos());
        receiver.look(context.nowNanos());
        long givenUp = repairs.takeGivenUp();
        if (givenUp > 0) {
            context.count("mux_given_up", givenUp);
        }
        arm();
    }

    /** Tells the queue what the links can do, if it is time to. */
    private void tune(long nowNanos) {
        if (!tuned || nowNanos - tunedNanos >= TUNE_NANOS) {
            flows.queue().tune(links.rateBytesPerSecond(), links.slowestRttNanos(), nowNanos);
            tuned = true;
            tunedNanos = nowNanos;
        }
    }

    // ---- from the peer ----

    void received(Link link, Arrival arrival, ByteBuffer payload) {
        inbound.received(link.id(), arrival);
        reader.begin(payload);
        boolean more = true;
        while (more) {
            more = handle(reader.next(), payload, arrival);
        }
        pumpIfDue();
    }

    private boolean handle(ChunkReader.Found found, ByteBuffer payload, Arrival arrival) {
        switch (found) {
            case CHUNK -> handleChunk(payload, arrival);
            case UNKNOWN -> context.count("mux_unknown", 1);
            case MALFORMED -> context.count("mux_malformed", 1);
            case END -> {}
        }
        return found == ChunkReader.Found.CHUNK || found == ChunkReader.Found.UNKNOWN;
    }

    private void handleChunk(ByteBuffer payload, Arrival arrival) {
        switch (reader.kind()) {
            case ChunkLayout.KIND_DATA -> receiver.handleData(reader, payload, arrival);
            case ChunkLayout.KIND_FLOOR ->
                receiver.handleFloor(reader.key(), reader.sequence(), arrival.receivedNanos());
            case ChunkLayout.KIND_PLAYOUT ->
                receiver.handlePlayout(reader.key(), reader.sequence() * ChunkLayout.PLAYOUT_UNIT_NANOS);
            default -> handleCredit();
        }
    }

    private void handleCredit() {
        Outflow flow = reader.flowClass() == FlowClass.RELIABLE ? flows.flow(reader.key()) : null;
        if (flow == null) {
            context.count("mux_malformed", 1);
            return;
        }
        long limit = Serial.expand(flow.nextSequence(), reader.sequence(), ChunkLayout.SEQUENCE_BITS);
        dispatcher.credited(flow, limit, reader.windowDoublings());
        pumpSoon = true;
    }

    void settled(Link link, long sentNanos) {
        inbound.settled(link.id(), sentNanos);
        holes.judgeAll(context.nowNanos());
        outcome.look(context.nowNanos());
        arm();
    }

    void deliverable(int flow) {
        receiver.handleDeliverable(flow, context.nowNanos());
        pumpIfDue();
    }

    private void pumpIfDue() {
        if (pumpSoon || !notices.isEmpty()) {
            pump();
        } else {
            arm();
        }
    }

    // ---- time ----

    void timeout() {
        wakeNanos = Long.MAX_VALUE;
        receiver.handleTimeout(context.nowNanos());
        pump();
    }

    private void arm() {
        long nowNanos = context.nowNanos();
        long dueNanos = pumpSoon ? nowNanos : dispatcher.askAgainNanos(nowNanos);
        dueNanos = Math.min(dueNanos, receiver.deadlineNanos());
        if (dueNanos != wakeNanos) {
            wakeNanos = dueNanos;
            context.wakeAt(dueNanos);
        }
    }

    /** Nothing but the time has passed: what was gathered is counted. */
    void look() {
        outcome.look(context.nowNanos());
        receiver.look(context.nowNanos());
    }

    long heldBytes() {
        return receiver.heldBytes();
    }

    long waitingBytes() {
        return flows.queue().waitingBytes();
    }

    void close() {
        flows.clear(repairs);
        repairs.clear();
        receiver.clear();
    }
}
