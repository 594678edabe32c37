package io.bindlink.core.link;

import io.bindlink.api.LinkState;
import io.bindlink.core.base.Rates;
import io.bindlink.core.wire.AckBlock;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A sending and a receiving {@link LinkPath} on virtual time, with a bottleneck between them: a queue, a rate, delay with
 * jitter, loss. Order is kept. The receiver's clock is far from the sender's and about to wrap.
 */
final class LinkBench implements LinkFeedback {
    static final long MILLI = Rates.NANOS_PER_MILLI;
    static final long SECOND = Rates.NANOS_PER_SECOND;
    static final int DATAGRAM_BYTES = 1400;

    private static final long PEER_OFFSET_NANOS = ((1L << 32) - 3_000_000) * Rates.NANOS_PER_MICRO; // wraps after 3 s
    private static final long JITTER_PERIOD_NANOS = 30 * MILLI;
    private static final long NEVER = Long.MAX_VALUE;

    long bytesPerSecond;
    long delayNanos;
    long returnDelayNanos;
    long jitterNanos;
    double loss;
    double ackLoss;
    long queueBytes = 1_000_000_000;
    long timerSlopNanos;
    boolean cut;
    /** Bytes the source offers per second; huge for a greedy one. */
    long offeredBytesPerSecond = Long.MAX_VALUE;

    final SplittableRandom random;
    final PeerClock peerSeenBySender = new PeerClock();
    final PeerClock senderSeenByPeer = new PeerClock();
    final LinkPath sender;
    final LinkPath receiver =
            new LinkPath(1, new RateControl(), senderSeenByPeer, new PeerAnswers(), 0, PEER_OFFSET_NANOS);

    long now;
    long acked;
    long lost;
    long deliveredBytes;

    private record InFlight(long arrival, long number, long sentMicros, int bytes, long token) {}

    private record Answer(long arrival, @Nullable AckBlock block, long token) {}

    private final ArrayDeque<InFlight> data = new ArrayDeque<>();
    private final ArrayDeque<Answer> answers = new ArrayDeque<>();
    private int idleSteps;
    private long linkFreeNanos;
    private long lastArrivalNanos;
    private long nextToken;
    private double offeredCredit;
    private long offeredAt;
    private long jitterFrom;
    private long jitterTo;
    private long jitterPeriodEnd;

    private long measuredFrom;
    private long measuredBytes;
    private double queueSum;
    private long queueCount;
    private final long[] queueHistogram = new long[2001];

    LinkBench(long seed, double megabitsPerSecond, double rttMillis) {
        this(seed, megabitsPerSecond, rttMillis, new RateControl());
    }

    LinkBench(long seed, double megabitsPerSecond, double rttMillis, CongestionControl control) {
        sender = new LinkPath(1, control, peerSeenBySender, new PeerAnswers(), 0, 0);
        random = new SplittableRandom(seed);
        rate(megabitsPerSecond);
        delayNanos = (long) (rttMillis * MILLI / 2);
        returnDelayNanos = delayNanos;
        sender.datagramBytes(DATAGRAM_BYTES);
    }

    void rate(double megabitsPerSecond) {
        bytesPerSecond = (long) (megabitsPerSecond * 125_000);
    }

    /** Lets nothing through for a while; what waits then goes on as before. */
    void stall(long nanos) {
        linkFreeNanos = Math.max(now, linkFreeNanos) + nanos;
    }

    /** Runs until a time. */
    void run(long untilNanos) {
        while (true) {
            step();
            long next = nextEvent();
            idleSteps = next <= now ? idleSteps + 1 : 0;
            if (idleSteps > 1000) {
                throw new IllegalStateException("no progress at " + now + ": sender " + sender.pollTimeout()
                        + " receiver "
                        + unshift(receiver.pollTimeout()) + " ack " + unshift(receiver.ackDueNanos()) + " state "
                        + sender.state());
            }
            if (next >= untilNanos) {
                now = Math.max(now, untilNanos);
                return;
            }
            now = Math.max(now, next);
        }
    }

    /** Starts the figures anew. */
    void measure() {
        measuredFrom = now;
        measuredBytes = deliveredBytes;
        queueSum = 0;
        queueCount = 0;
        Arrays.fill(queueHistogram, 0);
    }

    /** Share of the bottleneck's rate that came through since {@link #measure}. */
    double utilisation() {
        return (deliveredBytes - measuredBytes) / ((now - measuredFrom) / 1e9 * bytesPerSecond);
    }

    double meanQueueMillis() {
        return queueCount == 0 ? 0 : queueSum / queueCount / MILLI;
    }

    double queueMillis(double quantile) {
        long left = (long) (queueCount * quantile);
        for (int i = 0; i < queueHistogram.length; i++) {
            left -= queueHistogram[i];
            if (left < 0) {
                return i;
            }
        }
        return queueHistogram.length;
    }

    private long nextEvent() {
        long next = Math.min(sender.pollTimeout(), unshift(receiver.pollTimeout()));
        next = Math.min(next, unshift(receiver.ackDueNanos()));
        if (!data.isEmpty()) {
            next = Math.min(next, data.peek().arrival);
        }
        if (!answers.isEmpty()) {
            next = Math.min(next, answers.peek().arrival);
        }
        if (offered() && sender.readyAtNanos() > now) {
            next = Math.min(next, sender.readyAtNanos() + timerSlop());
        } else if (!offered() && offeredBytesPerSecond > 0) {
            next = Math.min(next, now + Rates.nanosFor(DATAGRAM_BYTES, offeredBytesPerSecond));
        }
        return next;
    }

    private long timerSlop() {
        return timerSlopNanos == 0 ? 0 : random.nextLong(timerSlopNanos);
    }

    private static long unshift(long peerTime) {
        return peerTime == NEVER ? NEVER : peerTime - PEER_OFFSET_NANOS;
    }

    private void step() {
        while (!data.isEmpty() && data.peek().arrival <= now) {
            receive(data.poll());
        }
        long peerNow = now + PEER_OFFSET_NANOS;
        receiver.handleTimeout(peerNow, this);
        if (receiver.wantsProbe(peerNow)) { // its own way back is not what is tried here
            receiver.onProbeSent(0, peerNow);
            receiver.onProbeReply(0, peerNow);
        }
        if (receiver.ackDueNanos() <= peerNow) {
            AckBlock block = new AckBlock();
            if (receiver.fillAck(block, peerNow)) {
                answer(overTheWire(block), -1);
            }
            receiver.onAckSent(peerNow);
        }
        while (!answers.isEmpty() && answers.peek().arrival <= now) {
            Answer answer = answers.poll();
            if (answer.block != null) {
                sender.handleAck(answer.block, now, this);
            } else {
                sender.onProbeReply(answer.token, now);
            }
        }
        sender.handleTimeout(now, this);
        if (sender.wantsProbe(now)) {
            long token = nextToken++;
            send(60, false, token);
            sender.onProbeSent(token, now);
        }
        while (sender.state() == LinkState.UP && sender.hasRoom(now)) {
            if (!offered()) {
                sender.onAppLimited(now);
                break;
            }
            offeredCredit -= DATAGRAM_BYTES;
            send(DATAGRAM_BYTES, true, -1);
        }
    }

    private static AckBlock overTheWire(AckBlock block) {
        block.largest &= 0xFFFF_FFFFL;
        block.arrivalMicros &= 0xFFFF_FFFFL;
        block.settled &= 0xFFFF_FFFFL;
        return block;
    }

    private boolean offered() {
        if (offeredBytesPerSecond == Long.MAX_VALUE) {
            return true;
        }
        double burst = Math.max(10 * DATAGRAM_BYTES, offeredBytesPerSecond * 0.05);
        offeredCredit = Math.min(burst, offeredCredit + (now - offeredAt) / 1e9 * offeredBytesPerSecond);
        offeredAt = now;
        return offeredCredit >= DATAGRAM_BYTES;
    }

    private void send(int bytes, boolean payload, long token) {
        long number = sender.nextNumber();
        sender.onSent(number, bytes, true, payload, now);
        long queueNanos = Math.max(0, linkFreeNanos - now);
        queueSum += queueNanos;
        queueCount++;
        queueHistogram[(int) Math.min(queueHistogram.length - 1, queueNanos / MILLI)]++;
        if (Rates.bytesIn(queueNanos, bytesPerSecond) > queueBytes) {
            return;
        }
        linkFreeNanos = Math.max(now, linkFreeNanos) + Rates.nanosFor(bytes, bytesPerSecond);
        if (cut || random.nextDouble() < loss) {
            return;
        }
        long arrival = Math.max(lastArrivalNanos, linkFreeNanos + delayNanos + jitter());
        lastArrivalNanos = arrival;
        data.add(new InFlight(arrival, number, PeerClock.stamp(now), bytes, token));
    }

    /** Piecewise linear between random points. */
    private long jitter() {
        if (jitterNanos == 0) {
            return 0;
        }
        while (linkFreeNanos >= jitterPeriodEnd) {
            jitterFrom = jitterTo;
            jitterTo = random.nextLong(-jitterNanos, jitterNanos + 1);
            jitterPeriodEnd += JITTER_PERIOD_NANOS;
        }
        double part = 1 - (jitterPeriodEnd - linkFreeNanos) / (double) JITTER_PERIOD_NANOS;
        return (long) (jitterFrom + part * (jitterTo - jitterFrom));
    }

    private void receive(InFlight packet) {
        long peerNow = now + PEER_OFFSET_NANOS;
        deliveredBytes += packet.bytes;
        long sent = senderSeenByPeer.expand(packet.sentMicros);
        receiver.onReceived(packet.number, sent, packet.bytes, true, false, peerNow);
        if (packet.token >= 0) {
            receiver.requestAck(peerNow);
            answer(null, packet.token);
        }
    }

    private void answer(@Nullable AckBlock block, long token) {
        if (random.nextDouble() < ackLoss) {
            return;
        }
        long arrival = now + returnDelayNanos + (jitterNanos == 0 ? 0 : random.nextLong(jitterNanos));
        if (!answers.isEmpty()) {
            arrival = Math.max(arrival, answers.peekLast().arrival);
        }
        answers.add(new Answer(arrival, block, token));
    }

    @Override
    public void acked(long number) {
        acked++;
    }

    @Override
    public void lost(long number) {
        lost++;
    }
}
