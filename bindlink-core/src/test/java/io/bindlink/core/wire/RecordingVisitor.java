package io.bindlink.core.wire;

import io.bindlink.api.ControlPacket;
import io.bindlink.api.LinkId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/** Writes a line for every frame it is shown. Confined to its test. */
final class RecordingVisitor implements FrameVisitor {
    final List<String> seen = new ArrayList<>();

    @Override
    public void onPayload(ByteBuffer payload) {
        seen.add("payload " + hex(payload));
    }

    @Override
    public void onAck(AckBlock block) {
        seen.add("ack " + text(block));
    }

    @Override
    public void onLinkHorizon(int linkId, long lastNumberLow, long sentMicrosLow) {
        seen.add("horizon %d %d %d".formatted(linkId, lastNumberLow, sentMicrosLow));
    }

    @Override
    public void onLinkState(long sequence, int linkId, int flags) {
        seen.add("state %d %d %d".formatted(sequence, linkId, flags));
    }

    @Override
    public void onClose(int code, String reason) {
        seen.add("close %d %s".formatted(code, reason));
    }

    @Override
    public void onHandshake(int step, int receiver, ByteBuffer noiseMessage) {
        seen.add("handshake %d %x %s".formatted(step, receiver, hex(noiseMessage)));
    }

    @Override
    public void onControl(ControlPacket report) {
        TreeMap<LinkId, ControlPacket.Received> sorted = new TreeMap<>(report.received());
        StringBuilder counts = new StringBuilder();
        sorted.forEach(
                (id, received) -> counts.append(" %s:%d/%d".formatted(id, received.packets(), received.bytes())));
        seen.add("control %d%s +%s".formatted(report.sequence(), counts, hex(report.extension())));
    }

    @Override
    public void onProbe(int token, ByteBuffer linkIds) {
        seen.add("probe %x on %s".formatted(token, hex(linkIds)));
    }

    @Override
    public void onProbeReply(int token, int linkId, int datagramBytes, long arrivalMicrosLow) {
        seen.add("reply %x %d %d %d".formatted(token, linkId, datagramBytes, arrivalMicrosLow));
    }

    @Override
    public void onPathChallenge(long token) {
        seen.add("challenge %x".formatted(token));
    }

    @Override
    public void onPathResponse(long token) {
        seen.add("response %x".formatted(token));
    }

    @Override
    public void onUnknown(int code, int lengthBytes) {
        seen.add("unknown %x %d".formatted(code, lengthBytes));
    }

    /** All that a block says. */
    static String text(AckBlock block) {
        StringBuilder lists = new StringBuilder();
        for (int i = 0; i < block.rangeCount(); i++) {
            lists.append(" -").append(block.gap(i)).append('+').append(block.run(i));
        }
        for (int i = 0; i < block.deltaCount(); i++) {
            lists.append(" d").append(block.delta(i));
        }
        return "link %d largest %d at %d delay %d bytes %d settled %d ce %d first %d%s"
                .formatted(
                        block.linkId,
                        block.largest,
                        block.arrivalMicros,
                        block.delayUnits,
                        block.receivedBytes,
                        block.settled,
                        block.congestionMarks,
                        block.firstRun,
                        lists);
    }

    /** The bytes that remain; consumes some of them, as a visitor may. */
    private static String hex(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        buffer.position(buffer.position() + bytes.length / 2);
        return HexFormat.of().formatHex(bytes);
    }
}
