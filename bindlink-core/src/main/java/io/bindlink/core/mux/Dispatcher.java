package io.bindlink.core.mux;

import io.bindlink.api.LinkView;
import io.bindlink.core.queue.FlowQueue;
import io.bindlink.core.queue.Parcel;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Puts what waits on links: notices first, then repairs, sparse flows, bulk. A packet gets its sequence when it leaves;
 * one that waits for a certain link does not keep those behind it from using another. Confined to its session.
 */
final class Dispatcher {
    private final Outflows flows;
    private final FlowQueue<Outflow> queue;
    private final UsableLinks links;
    private final Choice choice;
    private final Notices notices;
    private final Notices.Source noticeSource;
    private final Pieces pieces;
    private final Repairs repairs;
    private final Transit transit;
    private final Allowance allowance;
    private final Cutter cutter;
    private final int largestPayloadBytes;
    private final LiveInfo info = new LiveInfo();
    private final PayloadPlan plan = new PayloadPlan();
    private final ByteBuffer payload = ByteBuffer.allocate(ChunkLayout.MAX_PACKET_BYTES);
    private final Deque<Outflow> parked = new ArrayDeque<>();
    private long askAgainNanos = Long.MAX_VALUE;
    private boolean refused; // what was to be next got no link
    private boolean backlogged;

    /** What a dispatcher works with. */
    record Parts(
            Outflows flows,
            UsableLinks links,
            Choice choice,
            Notices notices,
            Notices.Source noticeSource,
            Pieces pieces,
            Repairs repairs,
            Transit transit,
            Allowance allowance,
            int largestPayloadBytes) {}

    Dispatcher(Parts parts) {
        flows = parts.flows;
        queue = parts.flows.queue();
        links = parts.links;
        choice = parts.choice;
        notices = parts.notices;
        noticeSource = parts.noticeSource;
        pieces = parts.pieces;
        repairs = parts.repairs;
        transit = parts.transit;
        allowance = parts.allowance;
        cutter = new Cutter(pieces);
        largestPayloadBytes = parts.largestPayloadBytes;
    }

    /** Sends while something waits and a link takes it. */
    void pump(long nowNanos) {
        askAgainNanos = Long.MAX_VALUE;
        boolean sent = true;
        refused = false;
        while (sent && links.anyReady()) {
            refused = false;
            sent = sendNotices(nowNanos)
                    || sendRepairs(nowNanos)
                    || sendFresh(true, nowNanos)
                    || sendFresh(false, nowNanos);
        }
        backlogged = refused || (sent && waits(nowNanos)); // sent: there was no link left to ask for
    }

    private boolean waits(long nowNanos) {
        return !notices.isEmpty() || repairs.head(nowNanos) != null || queue.waitingBytes() > 0;
    }

    /** Whether the last pump left something over for want of a link. */
    boolean backlogged() {
        return backlogged;
    }

    /** When to pump again if nothing else happens; {@code Long.MAX_VALUE}: no need. */
    long askAgainNanos(long nowNanos) {
        return waits(nowNanos) ? Math.min(askAgainNanos, links.soonestReadyNanos(nowNanos)) : Long.MAX_VALUE;
    }

    private boolean sendNotices(long nowNanos) {
        if (notices.isEmpty() || !chooses(info.notices(notices.sizeBytes()), nowNanos)) {
            return false;
        }
        payload.clear().limit(roomBytes());
        int count = notices.write(payload, noticeSource);
        payload.flip();
        boolean sent = false;
        for (int i = 0; i < choice.readyCount(); i++) {
            long number = sendOn(choice.ready(i));
            if (number >= 0) {
                transit.departed(choice.ready(i).id(), number, count, nowNanos);
                sent = true;
            }
        }
        if (sent) {
            notices.removeFirst(count);
        }
        return sent;
    }

    private boolean sendRepairs(long nowNanos) {
        Piece head = repairs.head(nowNanos);
        if (head == null || !chooses(info.repair(head), nowNanos)) {
            return false;
        }
        plan.begin(roomBytes());
        while (head != null && fit(head, nowNanos)) {
            plan.add(head);
            head.holders++; // the plan's, until the payload has left
            repairs.removeHead(head);
            head = repairs.head(nowNanos);
        }
        return !plan.isEmpty() && depart(true, nowNanos);
    }

    /** Whether a piece fits the payload, cut if it must be and the payload is its own. */
    private boolean fit(Piece piece, long nowNanos) {
        int spaceBytes = plan.spaceBytes() - piece.headerBytes();
        if (piece.lengthBytes() <= spaceBytes) {
            return true;
        }
        int keepBytes = plan.spaceBytes() - piece.headerBytes() - ChunkLayout.CUT_BYTES;
        if (!plan.isEmpty() || keepBytes <= 0) {
            return false;
        }
        Piece rest = cutter.split(piece, keepBytes);
        repairs.removeHead(piece);
        repairs.addFirst(rest, nowNanos);
        repairs.addFirst(piece, nowNanos);
        return true;
    }

    private boolean sendFresh(boolean sparse, long nowNanos) {
        Outflow flow = next(sparse, nowNanos);
        if (flow != null && !sparse) {
            extend(flow, nowNanos);
        }
        if (flow == null || !chooses(info.fresh(flow, head(flow), sparse), nowNanos)) {
            return false;
        }
        plan.begin(roomBytes());
        while (flow != null) {
            Piece piece = cutter.cut(flow, head(flow), plan, nowNanos);
            if (piece == null) {
                break;
            }
            plan.add(piece);
            piece.holders++; // the plan's, until the payload has left
            if (flow.flowClass() == FlowClass.RELIABLE) {
                allowance.onChunkMade();
            }
            flow.reach.onSent(piece.lengthBytes());
            queue.taken(flow, piece.lengthBytes(), nowNanos);
            flows.onTaken(flow);
            flow = next(sparse, nowNanos);
        }
        return !plan.isEmpty() && depart(false, nowNanos);
    }

    /** Keeps a bulk flow's reach up to date, and its receiver told. */
    private void extend(Outflow flow, long nowNanos) {
        if (flow.flowClass() != FlowClass.ORDERED) {
            return;
        }
        if (flow.reach.update(links, flow.waitingBytes(), nowNanos)) {
            notices.post(Notices.playout(flow.key()));
        }
        flow.tolerate(flow.reach.worthNanos());
    }

    /** The flow whose turn it is and that may send. */
    private @Nullable Outflow next(boolean sparse, long nowNanos) {
        while (true) {
            Outflow flow = sparse ? queue.sparse(nowNanos) : queue.bulk(nowNanos);
            if (flow == null || flow.flowClass() != FlowClass.RELIABLE || allowance.allows(flow)) {
                return flow;
            }
            queue.park(flow);
            parked.add(flow);
        }
    }

    /** The peer delivered more of a reliable flow. */
    void credited(Outflow flow, long limit, int doublings) {
        allowance.onDelivered(flow.credit(limit, doublings));
        for (Outflow waiting = parked.poll(); waiting != null; waiting = parked.poll()) {
            queue.unpark(waiting);
        }
    }

    private boolean chooses(LiveInfo packet, long nowNanos) {
        long behindBytes = Math.max(0, queue.waitingBytes() - packet.sizeBytes());
        boolean chosen = choice.choose(packet, behindBytes, nowNanos);
        if (!chosen) {
            refused = true;
            askAgainNanos = Math.min(askAgainNanos, choice.askAgainNanos());
        }
        return chosen;
    }

    private int roomBytes() {
        return Math.min(choice.roomBytes(), largestPayloadBytes);
    }

    /** Sends the planned payload on every link chosen. What none of them took is sent again like something lost. */
    private boolean depart(boolean again, long nowNanos) {
        payload.clear();
        plan.write(payload);
        payload.flip();
        boolean sent = false;
        for (int i = 0; i < choice.readyCount(); i++) {
            LinkView view = choice.ready(i);
            long number = again ? links.link(view).resend(payload.rewind()) : sendOn(view);
            if (number >= 0) {
                transit.departed(view.id(), number, plan, nowNanos);
                sent = true;
            }
        }
        for (int i = plan.count() - 1; i >= 0; i--) {
            conclude(plan.piece(i), sent, nowNanos);
        }
        return sent;
    }

    private void conclude(Piece piece, boolean sent, long nowNanos) {
        if (!sent) {
            repairs.addFirst(piece, nowNanos);
        } else if (piece.sent) {
            piece.resends++;
        } else {
            piece.sent = true;
        }
        pieces.release(piece);
    }

    private long sendOn(LinkView view) {
        return links.link(view).send(payload.rewind());
    }

    private static Parcel head(Outflow flow) {
        Parcel parcel = flow.head();
        if (parcel == null) {
            throw new IllegalStateException("the queue offered an empty flow");
        }
        return parcel;
    }
}
