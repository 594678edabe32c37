package io.bindlink.core.sim;

import io.bindlink.api.Delivery;
import io.bindlink.api.Role;
import io.bindlink.api.TunDevice;
import java.nio.ByteBuffer;

/**
 * A reliable flow that sends as fast as it may and checks every byte that comes out. For bonds of streams. Confined to
 * its bond.
 */
public final class StreamFlow {
    private static final int PIECE_HEADER_BYTES = 8; // time of sending, for the delay

    private final SimBond bond;
    private final SimEnd sender;
    private final int flow;
    private final long totalBytes;
    private final int pieceBytes;
    private final FlowMeter meter;
    private final ByteBuffer piece;
    private long sentBytes;
    private long receivedBytes;
    private long wrongBytes;
    private boolean reset;

    private StreamFlow(SimBond bond, Role from, int flow, long totalBytes, int pieceBytes) {
        this.bond = bond;
        this.sender = bond.end(from);
        this.flow = flow;
        this.totalBytes = totalBytes;
        this.pieceBytes = pieceBytes;
        this.meter = new FlowMeter(bond.nowNanos());
        this.piece = ByteBuffer.allocate(pieceBytes);
    }

    /**
     * Starts a flow now, in pieces of the bond's MTU.
     *
     * @param bond a bond of streams
     * @param from the end that sends
     * @param totalBytes how much to send; {@link Long#MAX_VALUE}: for ever
     * @return the running flow
     */
    public static StreamFlow start(SimBond bond, Role from, long totalBytes) {
        return start(bond, from, totalBytes, bond.mtuBytes());
    }

    /**
     * Starts a flow now.
     *
     * @param bond a bond of streams
     * @param from the end that sends
     * @param totalBytes how much to send; {@link Long#MAX_VALUE}: for ever
     * @param pieceBytes how much to submit at once, 9..65,535
     * @return the running flow
     */
    public static StreamFlow start(SimBond bond, Role from, long totalBytes, int pieceBytes) {
        if (bond.kind() != TunDevice.Kind.STREAMS) {
            throw new IllegalArgumentException("this bond carries " + bond.kind());
        }
        if (pieceBytes <= PIECE_HEADER_BYTES || pieceBytes > 65_535) {
            throw new IllegalArgumentException("pieces of " + pieceBytes + " bytes are not in 9..65535");
        }
        StreamFlow started = new StreamFlow(bond, from, bond.newFlow(), totalBytes, pieceBytes);
        started.attach(from);
        started.sendAll();
        bond.settle();
        return started;
    }

    /** Begins to measure anew, as after a warm-up. */
    public void measure() {
        meter.measure(bond.nowNanos());
    }

    /**
     * What was measured. A piece counts as a packet; bytes in the wrong place make it altered.
     *
     * @return the figures now
     */
    public FlowResult result() {
        return meter.result(bond.nowNanos());
    }

    /**
     * Bytes that came out since the start.
     *
     * @return right or wrong ones
     */
    public long receivedBytes() {
        return receivedBytes;
    }

    /**
     * Whether everything came out, and nothing else.
     *
     * @return true when each byte was right and none is missing
     */
    public boolean complete() {
        return receivedBytes == totalBytes && wrongBytes == 0;
    }

    /**
     * Whether the session ended under way, so that the rest will never come.
     *
     * @return true from then on
     */
    public boolean isReset() {
        return reset;
    }

    /**
     * Bytes that came out wrong, or that came out after the flow was reset.
     *
     * @return 0, or the engine has a bug
     */
    public long wrongBytes() {
        return wrongBytes;
    }

    private void attach(Role from) {
        sender.attach(flow, new PacketReceiver() {
            @Override
            public void handlePacket(ByteBuffer packet, long nowNanos) {
                wrongBytes += packet.remaining(); // nobody sends in this direction
            }

            @Override
            public void handleAccepting(long nowNanos) {
                sendAll();
            }

            @Override
            public void handleSessionEnded(long nowNanos) {
                reset = true;
            }
        });
        bond.end(SimBond.other(from)).attach(flow, new PacketReceiver() {
            @Override
            public void handlePacket(ByteBuffer packet, long nowNanos) {
                receive(packet, nowNanos);
            }

            @Override
            public void handleSessionEnded(long nowNanos) {
                reset = true;
            }
        });
    }

    private void sendAll() {
        while (!reset && sentBytes < totalBytes && sendPiece()) {
            meter.onSent();
        }
    }

    private boolean sendPiece() {
        int length = (int) Math.min(pieceBytes, totalBytes - sentBytes);
        piece.clear().limit(length);
        for (int i = 0; i < length; i++) {
            piece.put(Payload.byteAt(flow, sentBytes + i));
        }
        if (length > PIECE_HEADER_BYTES) {
            piece.putLong(0, bond.nowNanos());
        }
        if (!sender.send(piece.flip(), flow, Delivery.RELIABLE)) {
            return false;
        }
        sentBytes += length;
        return true;
    }

    private void receive(ByteBuffer received, long nowNanos) {
        int length = received.remaining();
        boolean timed = length > PIECE_HEADER_BYTES;
        int wrong = !reset && length == Math.min(pieceBytes, totalBytes - receivedBytes) ? 0 : length;
        for (int i = timed ? PIECE_HEADER_BYTES : 0; i < length && wrong == 0; i++) {
            wrong += received.get(i) == Payload.byteAt(flow, receivedBytes + i) ? 0 : 1;
        }
        long delayNanos = timed ? nowNanos - received.getLong(0) : 0;
        wrongBytes += wrong;
        if (meter.onDelivered(receivedBytes / pieceBytes, wrong == 0, delayNanos, nowNanos)) {
            meter.onGoodput(length);
        }
        receivedBytes += length;
    }

    @Override
    public String toString() {
        return "stream " + flow + ": " + receivedBytes + " of " + totalBytes + " bytes, " + wrongBytes + " wrong"
                + (reset ? ", reset" : "");
    }
}
