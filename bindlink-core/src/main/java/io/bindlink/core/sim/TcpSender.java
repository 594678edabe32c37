package io.bindlink.core.sim;

import io.bindlink.core.base.Rates;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a modelled TCP connection that always has something to send, as Linux does it: selective
 * acknowledgements, losses found by time (RFC 8985) with a window that adapts to reordering and to what the receiver tells of
 * copies (RFC 2883), tail probes, retransmission timeout, and recoveries undone when timestamps (RFC 3522), copies or later
 * arrivals (RFC 5682) show that nothing was lost. Not modelled: the receiver's window, explicit congestion notification,
 * segments merged on re-sending. Confined to its flow.
 */
final class TcpSender {
    private final int segmentBytes;
    private final SendingWindow window;
    private final DeliverySamples samples = new DeliverySamples();
    private final TcpScoreboard board = new TcpScoreboard();
    private final RoundTrips trips = new RoundTrips();
    private final ReorderWindow reordering = new ReorderWindow();
    private final SendPacing pacing;
    private final AckReport ack = new AckReport();
    private AckReport.State state = AckReport.State.OPEN;
    private long nextSequence;
    private long edge; // all below is acknowledged
    private long roundEnd;
    private long recoveryBegin;
    private long recoveryEnd; // the sequence that ends the recovery under way
    private boolean undoable; // the last recovery may turn out needless
    private int resendsToDisprove; // of the last recovery: those that no copy was told of
    private long firstResendMillis; // of the last recovery; -1: none yet
    private boolean probing; // a tail probe is out
    private boolean probeDue;
    private int backoff;
    private long deadlineNanos = Long.MAX_VALUE; // of the tail probe, or the retransmission timeout
    private long reorderDeadlineNanos = Long.MAX_VALUE;
    private long retransmissions;
    private long timeouts;
    private long undone;
    private long copies; // that the receiver told of

    /**
     * A sender at its beginning.
     *
     * @param segmentBytes payload of each segment
     * @param control which congestion control
     * @param random for the control, where it throws dice
     */
    TcpSender(int segmentBytes, InnerControl control, RandomGenerator random) {
        this.segmentBytes = segmentBytes;
        this.window = switch (control) {
            case CUBIC -> new CubicWindow(0);
            case BBR -> new BbrWindow(segmentBytes, samples, random);
        };
        this.pacing = new SendPacing(window);
    }

    /** The next segment that window and pace let out, lost ones first; null when they let out none. It counts as sent. */
    @Nullable
    TcpSegment poll(long nowNanos) {
        boolean probe = probeDue;
        if (!probe) {
            if (!windowOpen()) {
                pacing.onBlocked();
                return null;
            }
            if (!pacing.opens(nowNanos)) {
                return null;
            }
            pacing.onSent();
        }
        probeDue = false;
        int underWay = board.underWay();
        TcpSegment segment = board.lost() > 0 ? again(nowNanos) : fresh();
        samples.onSent(segment, underWay, nowNanos);
        segment.sentNanos = nowNanos;
        window.onSent();
        if (state == AckReport.State.OPEN || deadlineNanos == Long.MAX_VALUE) {
            arm(nowNanos);
        }
        return segment;
    }

    /**
     * What the receiver has: everything below {@code acknowledged}, and {@code count} pairs of begin and end, the first of
     * which may tell of a copy; it echoes the time of sending of the segment that moved its edge.
     */
    void handleAck(long acknowledged, long[] blocks, int count, long echoedMillis, long nowNanos) {
        if (acknowledged > nextSequence) {
            return;
        }
        ack.begin(state, board.underWay(), nowNanos);
        ack.advanced = acknowledged > edge;
        if (acknowledged > roundEnd) { // the first of what was sent in answer to the round before
            roundEnd = nextSequence;
            ack.newRound = true;
        }
        TcpScoreboard.Arrival arrival = this::onArrived;
        long edgeBefore = edge;
        boolean copy = tellsCopy(acknowledged, blocks, count);
        board.acknowledge(acknowledged, arrival);
        edge = Math.max(edge, acknowledged);
        markUpwards(blocks, copy ? 1 : 0, count, arrival);
        takeRoundTrips();
        samples.complete(ack);
        copy = copy && onCopy(blocks[1]);
        reordering.onAcked(ack);
        judge(copy, edgeBefore, echoedMillis, nowNanos);
        ack.underWay = board.underWay();
        ack.state = state;
        window.onAcked(ack);
    }

    long pollTimeout() {
        long nanos = Math.min(deadlineNanos, reorderDeadlineNanos);
        return windowOpen() ? Math.min(nanos, pacing.nextNanos()) : nanos;
    }

    /** Whatever is due; the flow polls for segments then. */
    void handleTimeout(long nowNanos) {
        if (reorderDeadlineNanos <= nowNanos) {
            detectLosses(nowNanos);
        }
        if (deadlineNanos > nowNanos) {
            return;
        }
        if (state == AckReport.State.OPEN && !probing && board.sacked() == 0) {
            probing = true;
            probeDue = true;
            deadlineNanos = nowNanos + trips.timeoutNanos(backoff);
        } else {
            onRetransmissionTimeout(nowNanos);
        }
    }

    double windowSegments() {
        return window.segments();
    }

    SendingWindow window() {
        return window;
    }

    long roundTripNanos() {
        return trips.smoothedNanos();
    }

    long retransmissions() {
        return retransmissions;
    }

    long timeouts() {
        return timeouts;
    }

    /** Recoveries that turned out needless. */
    long undone() {
        return undone;
    }

    int underWay() {
        return board.underWay();
    }

    private boolean windowOpen() {
        return board.underWay() + 1 <= window.segments();
    }

    private TcpSegment fresh() {
        TcpSegment segment = new TcpSegment(nextSequence, segmentBytes);
        nextSequence += segmentBytes;
        board.add(segment);
        return segment;
    }

    private TcpSegment again(long nowNanos) {
        retransmissions++;
        resendsToDisprove++;
        firstResendMillis = firstResendMillis < 0 ? nowNanos / Rates.NANOS_PER_MILLI : firstResendMillis;
        return board.takeLost();
    }

    // ---- what an acknowledgement tells ----

    private void onArrived(TcpSegment segment, boolean overtaken) {
        ack.arrived++;
        if (!segment.resent) { // Karn: of a resent one nobody knows which arrived
            ack.onRoundTrip(ack.nowNanos - segment.sentNanos);
            ack.originalArrived |= segment.end() <= recoveryEnd;
        }
        reordering.onArrived(segment, trips.leastNanos(), ack.nowNanos);
        if (overtaken) {
            reordering.onOvertaken(board.behind(segment.sequence, segmentBytes));
        }
        samples.onArrived(segment, ack);
    }

    private void takeRoundTrips() {
        if (ack.roundTripNanos > 0) {
            trips.onSample(ack.firstRoundTripNanos);
            trips.onLeast(ack.roundTripNanos);
        }
        ack.leastRoundTripNanos = trips.leastNanos();
        ack.smoothedRoundTripNanos = trips.smoothedNanos();
    }

    /** RFC 2883 section 4: the first block is below the edge, or within the second. */
    private static boolean tellsCopy(long acknowledged, long[] blocks, int count) {
        return count > 0
                && (blocks[1] <= acknowledged || (count > 1 && blocks[0] >= blocks[2] && blocks[1] <= blocks[3]));
    }

    /** Marks blocks from the lowest to the highest, so that what one acknowledgement tells does not look reordered. */
    private void markUpwards(long[] blocks, int first, int count, TcpScoreboard.Arrival arrival) {
        long done = Long.MIN_VALUE;
        for (int i = first; i < count; i++) {
            int lowest = -1;
            for (int j = first; j < count; j++) {
                if (blocks[2 * j] > done && (lowest < 0 || blocks[2 * j] < blocks[2 * lowest])) {
                    lowest = j;
                }
            }
            if (lowest < 0) {
                return;
            }
            done = blocks[2 * lowest];
            board.mark(done, blocks[2 * lowest + 1], arrival);
        }
    }

    /** A copy counts unless the network must have made it; false when it does not. */
    private boolean onCopy(long end) {
        if (++copies > retransmissions) {
            return false;
        }
        reordering.onCopy();
        resendsToDisprove -= resendsToDisprove > 0 && end > recoveryBegin ? 1 : 0;
        return true;
    }

    private void judge(boolean copy, long edgeBefore, long echoedMillis, long nowNanos) {
        boolean late = undoable
                && ack.advanced
                && state != AckReport.State.OPEN
                && (firstResendMillis < 0 || echoedMillis < firstResendMillis);
        boolean copiesOnly = copy && undoable && firstResendMillis >= 0 && resendsToDisprove == 0;
        boolean wasEarly = state == AckReport.State.LOSS && undoable && ack.originalArrived;
        if (late) {
            reordering.onOvertaken(board.behind(edgeBefore, segmentBytes)); // it filled the hole that was its own
        }
        if (late || copiesOnly || wasEarly) {
            undo(late || wasEarly);
        } else if (state != AckReport.State.OPEN && edge >= recoveryEnd) {
            endRecovery();
        }
        if (ack.arrived > 0) {
            backoff = 0;
            probing = false;
            arm(nowNanos);
        }
        detectLosses(nowNanos);
    }

    private void undo(boolean nothingLost) {
        undone++;
        undoable = false;
        window.onUndo();
        if (nothingLost) {
            board.forgive();
            state = AckReport.State.OPEN;
        } else if (state != AckReport.State.OPEN && board.lost() == 0) {
            state = AckReport.State.OPEN;
        }
    }

    private void endRecovery() {
        if (state == AckReport.State.RECOVERY) {
            window.onRecoveryEnd();
        }
        reordering.onRecoveryEnd();
        state = AckReport.State.OPEN;
    }

    private void detectLosses(long nowNanos) {
        reorderDeadlineNanos = Long.MAX_VALUE;
        if (board.size() == board.underWay() && state == AckReport.State.OPEN) {
            return; // in order so far
        }
        int before = board.lost();
        for (TcpSegment segment : board.segments()) {
            if (segment.sacked || segment.lost) {
                continue;
            }
            if (!reordering.overtaken(segment)) {
                if (!segment.resent) {
                    break; // those behind it were sent later still
                }
                continue;
            }
            long dueNanos = reordering.deadlineNanos(segment, board.sacked(), state != AckReport.State.OPEN, trips);
            if (dueNanos <= nowNanos) {
                board.lose(segment);
            } else {
                reorderDeadlineNanos = Math.min(reorderDeadlineNanos, dueNanos);
            }
        }
        ack.newlyLost = board.lost() - before;
        if (ack.newlyLost > 0 && state == AckReport.State.OPEN) {
            beginRecovery(AckReport.State.RECOVERY);
            window.onRecovery(board.underWay());
        }
    }

    private void beginRecovery(AckReport.State kind) {
        state = kind;
        recoveryBegin = edge;
        recoveryEnd = nextSequence;
        undoable = true;
        resendsToDisprove = 0;
        firstResendMillis = -1;
        probing = false;
    }

    /** The first segment counts as lost, and whatever has had its time. */
    private void onRetransmissionTimeout(long nowNanos) {
        timeouts++;
        boolean first = state == AckReport.State.OPEN || edge >= recoveryEnd;
        boolean head = true;
        for (TcpSegment segment : board.segments()) {
            if (!segment.sacked && !segment.lost) {
                long dueNanos = reordering.deadlineNanos(segment, board.sacked(), true, trips);
                if (head || dueNanos <= nowNanos) {
                    board.lose(segment);
                }
            }
            head = false;
        }
        if (first || state != AckReport.State.LOSS) {
            beginRecovery(AckReport.State.LOSS);
        }
        recoveryEnd = nextSequence;
        window.onTimeout(first, board.underWay());
        backoff++;
        deadlineNanos = nowNanos + trips.timeoutNanos(backoff);
    }

    private void arm(long nowNanos) {
        if (board.size() == 0) {
            deadlineNanos = Long.MAX_VALUE;
        } else if (state == AckReport.State.OPEN && !probing && board.sacked() == 0) {
            deadlineNanos = nowNanos + trips.probeNanos(board.underWay());
        } else {
            deadlineNanos = nowNanos + trips.timeoutNanos(backoff);
        }
    }
}
