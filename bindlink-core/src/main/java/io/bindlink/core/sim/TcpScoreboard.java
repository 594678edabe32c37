package io.bindlink.core.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What a modelled TCP sender has sent and not seen acknowledged, in order of sequence. Confined to its sender. */
final class TcpScoreboard {
    private final Deque<TcpSegment> segments = new ArrayDeque<>();
    private int underWay; // neither arrived nor lost
    private int sacked;
    private int lost;
    private long highestArrived; // end of the highest segment that arrived

    /** Who hears of each segment that arrives, before it is marked. */
    @FunctionalInterface
    interface Arrival {
        void onArrived(TcpSegment segment, boolean overtaken);
    }

    void add(TcpSegment segment) {
        segments.addLast(segment);
        underWay++;
    }

    /** The first lost segment, which counts as sent again from now on. */
    TcpSegment takeLost() {
        for (TcpSegment segment : segments) {
            if (segment.lost) {
                segment.lost = false;
                segment.resent = true;
                lost--;
                underWay++;
                return segment;
            }
        }
        throw new IllegalStateException(lost + " segments are lost, none of them known");
    }

    /** Takes out all below an edge. */
    void acknowledge(long edge, Arrival arrival) {
        while (!segments.isEmpty() && segments.getFirst().sequence < edge) {
            TcpSegment segment = segments.removeFirst();
            if (segment.sacked) {
                sacked--;
            } else {
                arrive(segment, arrival);
            }
        }
    }

    /** Marks what a block of a selective acknowledgement covers. */
    void mark(long begin, long end, Arrival arrival) {
        for (TcpSegment segment : segments) {
            if (segment.sequence >= end) {
                return;
            }
            if (segment.sequence >= begin && !segment.sacked) {
                arrive(segment, arrival);
                segment.sacked = true;
                sacked++;
            }
        }
    }

    private void arrive(TcpSegment segment, Arrival arrival) {
        arrival.onArrived(segment, !segment.resent && segment.end() < highestArrived);
        highestArrived = Math.max(highestArrived, segment.end());
        if (segment.lost) {
            segment.lost = false;
            lost--;
        } else {
            underWay--;
        }
    }

    void lose(TcpSegment segment) {
        segment.lost = true;
        lost++;
        underWay--;
    }

    /** None of the losses was one. */
    void forgive() {
        for (TcpSegment segment : segments) {
            if (segment.lost) {
                segment.lost = false;
                lost--;
                underWay++;
            }
        }
    }

    Iterable<TcpSegment> segments() {
        return segments;
    }

    @Nullable
    TcpSegment first() {
        return segments.peekFirst();
    }

    @Nullable
    TcpSegment last() {
        return segments.peekLast();
    }

    int underWay() {
        return underWay;
    }

    int sacked() {
        return sacked;
    }

    int lost() {
        return lost;
    }

    int size() {
        return segments.size();
    }

    /** How far a sequence is behind the highest that arrived, in segments. */
    int behind(long sequence, int segmentBytes) {
        return (int) Math.max(0, (highestArrived - sequence) / segmentBytes);
    }
}
