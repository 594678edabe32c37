package io.bindlink.core.mux;

import io.bindlink.api.LinkId;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What is under way on every link, and what becomes of it: pieces that arrive are settled, pieces of which the last copy
 * is lost are to be sent again. Confined to its session.
 */
final class Transit {
    private final Pieces pieces;
    private final Repairs repairs;
    private final Notices notices;
    private final Outcome outcome;
    private final @Nullable Flights[] byLink = new Flights[LinkId.MAX + 1];
    private final Deque<Flight> idle = new ArrayDeque<>();

    Transit(Pieces pieces, Repairs repairs, Notices notices, Outcome outcome) {
        this.pieces = pieces;
        this.repairs = repairs;
        this.notices = notices;
        this.outcome = outcome;
    }

    // ---- what leaves ----

    /** A payload of pieces left. */
    void departed(LinkId link, long number, PayloadPlan plan, long nowNanos) {
        Flight flight = begin(link, number, nowNanos);
        for (int i = 0; i < plan.count(); i++) {
            Piece piece = plan.piece(i);
            piece.holders++;
            piece.underWay++;
            flight.add(piece);
        }
    }

    /** A payload of the first {@code count} waiting notices left. */
    void departed(LinkId link, long number, int count, long nowNanos) {
        Flight flight = begin(link, number, nowNanos);
        for (int i = 0; i < count; i++) {
            flight.add(notices.waiting(i));
        }
    }

    private Flight begin(LinkId link, long number, long nowNanos) {
        Flight flight = idle.poll();
        if (flight == null) {
            flight = new Flight();
        }
        flight.begin(number);
        Flights flights = byLink[link.value()];
        if (flights == null) {
            flights = new Flights();
            byLink[link.value()] = flights;
        }
        Flight displaced = flights.put(flight);
        if (displaced != null) {
            giveUpOn(displaced, false, nowNanos);
            end(displaced);
        }
        return flight;
    }

    // ---- what is heard of it ----

    void acked(LinkId link, long number) {
        Flights flights = byLink[link.value()];
        Flight flight = flights == null ? null : flights.find(number);
        if (flights == null || flight == null) {
            return;
        }
        flights.remove(flight);
        for (int i = 0; i < flight.pieceCount(); i++) {
            Piece piece = flight.piece(i);
            outcome.arrived(piece);
            if (!piece.settled) {
                repairs.settle(piece);
            }
        }
        end(flight);
    }

    void lost(LinkId link, long number, long nowNanos) {
        Flights flights = byLink[link.value()];
        Flight flight = flights == null ? null : flights.find(number);
        if (flight != null) {
            giveUpOn(flight, false, nowNanos);
        }
    }

    /** A link fell silent: what it carries is sent elsewhere, before everything else and in its order. */
    void abandon(LinkId link, long nowNanos) {
        Flights flights = byLink[link.value()];
        if (flights == null) {
            return;
        }
        for (int back = 0; back < flights.span(); back++) {
            Flight flight = flights.fromNewest(back);
            if (flight != null) {
                giveUpOn(flight, true, nowNanos);
            }
        }
    }

    /** A link may have fallen silent: what is not bulk is sent elsewhere, too, once. */
    void hasten(LinkId link, long nowNanos) {
        Flights flights = byLink[link.value()];
        for (int back = 0; flights != null && back < flights.span(); back++) {
            Flight flight = flights.fromNewest(back);
            for (int i = 0; flight != null && !flight.lost && i < flight.pieceCount(); i++) {
                Piece piece = flight.piece(i);
                if (!piece.settled && piece.resends == 0 && !piece.flow().isBulk(nowNanos)) {
                    repairs.addFirst(piece, nowNanos);
                }
            }
        }
    }

    /** A link is gone: nothing will be heard of what it carried. */
    void remove(LinkId link, long nowNanos) {
        abandon(link, nowNanos);
        Flights flights = byLink[link.value()];
        if (flights == null) {
            return;
        }
        byLink[link.value()] = null;
        for (int back = 0; back < flights.span(); back++) {
            Flight flight = flights.fromNewest(back);
            if (flight != null) {
                end(flight);
            }
        }
    }

    /** Counts on it no longer, but remembers it: it may arrive yet, and then nothing needs to be sent again. */
    private void giveUpOn(Flight flight, boolean urgent, long nowNanos) {
        if (flight.lost) {
            return;
        }
        flight.lost = true;
        for (int i = flight.pieceCount() - 1; i >= 0; i--) {
            Piece piece = flight.piece(urgent ? i : flight.pieceCount() - 1 - i);
            piece.underWay--;
            if (piece.settled || piece.underWay > 0) {
                continue;
            }
            if (urgent) {
                repairs.addFirst(piece, nowNanos);
            } else {
                repairs.add(piece, nowNanos);
            }
        }
        for (int i = 0; i < flight.noticeCount(); i++) {
            notices.post(flight.notice(i));
        }
    }

    private void end(Flight flight) {
        for (int i = 0; i < flight.pieceCount(); i++) {
            pieces.release(flight.piece(i));
        }
        flight.clear();
        idle.push(flight);
    }
}
