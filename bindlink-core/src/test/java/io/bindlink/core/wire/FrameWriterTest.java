package io.bindlink.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.ControlPacket;
import io.bindlink.api.ControlPacket.Received;
import io.bindlink.api.LinkId;
import io.bindlink.core.base.Seeds;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FrameWriterTest {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    @Test
    void anAckKeepsWholeBlocksWithinItsLimit() {
        ByteBuffer out = ByteBuffer.allocate(1_400).position(100);
        int start = FrameWriter.beginAck(out);
        int blocks = 0;
        while (FrameWriter.addAckBlock(out, start, block(blocks + 1))) {
            blocks++;
        }

        assertThat(FrameWriter.endAck(out, start)).isTrue();
        assertThat(out.position() - start).isLessThanOrEqualTo(FrameWriter.MAX_ACK_BYTES);
        assertThat(blocks).isEqualTo(7);
        assertThat(visit(out, start)).hasSize(blocks);
    }

    @Test
    void theLargestBlockFitsIntoAnAck() {
        AckBlock block = block(1);
        while (block.addRange(AckBlock.MAX_RUN, AckBlock.MAX_RUN)) {}
        while (block.addDelta(1)) {}
        ByteBuffer out = ByteBuffer.allocate(FrameWriter.MAX_ACK_BYTES);
        int start = FrameWriter.beginAck(out);

        assertThat(FrameWriter.addAckBlock(out, start, block)).isTrue();
        assertThat(visit(out, start)).containsExactly("ack " + RecordingVisitor.text(block));
    }

    @Test
    void anAckWithoutBlocksIsTakenBack() {
        ByteBuffer out = ByteBuffer.allocate(20);
        int start = FrameWriter.beginAck(out);

        assertThat(FrameWriter.addAckBlock(out, start, block(1)))
                .as("too little room")
                .isFalse();
        assertThat(FrameWriter.endAck(out, start)).isFalse();
        assertThat(out.position()).isZero();
    }

    @Test
    void anAckNeedsRoomForItsCount() {
        assertThat(FrameWriter.beginAck(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    void aRangeThatDoesNotFitEndsTheList() {
        AckBlock block = block(1);

        assertThat(block.addRange(0, 1)).isFalse();
        assertThat(block.addRange(1, 0)).isFalse();
        assertThat(block.addRange(AckBlock.MAX_RUN + 1, 1)).isFalse();
        assertThat(block.addRange(1, 1L << 40)).isFalse();
        assertThat(block.rangeCount()).isZero();
    }

    @Test
    void aClearedBlockIsLikeANewOne() {
        AckBlock block = block(1);
        block.addRange(1, 1);
        block.addDelta(1);

        block.clear();

        assertThat(RecordingVisitor.text(block)).isEqualTo(RecordingVisitor.text(new AckBlock()));
    }

    @Test
    void anyBlockIsReadAsItWasWritten() {
        Seeds.forEach(500, seed -> {
            AckBlock block = randomBlock(new SplittableRandom(seed));
            ByteBuffer out = ByteBuffer.allocate(FrameWriter.MAX_ACK_BYTES);
            int start = FrameWriter.beginAck(out);

            assertThat(FrameWriter.addAckBlock(out, start, block)).isTrue();
            assertThat(visit(out, start)).containsExactly("ack " + RecordingVisitor.text(block));
        });
    }

    @Test
    void aReportOfManyLinksIsSplitAndLosesNothing() {
        Map<LinkId, Received> received = new HashMap<>();
        for (int id = LinkId.MIN; id <= LinkId.MAX; id++) {
            received.put(new LinkId(id), new Received(id, 1_000L * id));
        }
        List<Map.Entry<LinkId, Received>> entries = List.copyOf(received.entrySet());
        ByteBuffer extension = ByteBuffer.allocate(ControlPacket.MAX_EXTENSION_BYTES);
        Map<LinkId, Received> read = new HashMap<>();
        List<Integer> extensions = new ArrayList<>();

        for (int next = 0; next < entries.size(); ) {
            ByteBuffer out = ByteBuffer.allocate(1_000);
            next = FrameWriter.control(out, 4, entries, next, next == 0 ? extension : NOTHING);
            new FrameReader().parse(out.flip(), new ControlVisitor(read, extensions));
        }

        assertThat(read).isEqualTo(received);
        assertThat(extensions).containsExactly(512, 0, 0, 0);
    }

    @Test
    void aReportWithoutRoomForOneLinkIsNotBegun() {
        List<Map.Entry<LinkId, Received>> entries = List.of(Map.entry(new LinkId(1), new Received(1, 1)));
        ByteBuffer out = ByteBuffer.allocate(23);

        assertThat(FrameWriter.control(out, 4, entries, 0, NOTHING)).isEqualTo(-1);
        assertThat(out.position()).isZero();
    }

    @Test
    void aLongReasonIsCutBetweenCharacters() {
        ByteBuffer out = ByteBuffer.allocate(400);
        FrameWriter.close(out, 1, "x" + "\u00e4".repeat(200)); // two bytes each, so byte 255 is a whole character

        assertThat(visit(out, 0)).containsExactly("close 1 x" + "\u00e4".repeat(127));

        out.clear();
        FrameWriter.close(out, 1, "\u00e4".repeat(200)); // byte 255 is half of one
        assertThat(visit(out, 0)).containsExactly("close 1 " + "\u00e4".repeat(127));
    }

    @Test
    void aProbeNamesAtMostAllLinks() {
        assertThat(FrameWriter.probe(ByteBuffer.allocate(400), 1, new byte[256]))
                .isFalse();
        assertThat(FrameWriter.probe(ByteBuffer.allocate(400), 1, new byte[255]))
                .isTrue();
    }

    private static List<String> visit(ByteBuffer out, int start) {
        RecordingVisitor visitor = new RecordingVisitor();
        assertThat(new FrameReader().parse(out.duplicate().flip().position(start), visitor))
                .isNull();
        return visitor.seen;
    }

    private static AckBlock block(int linkId) {
        AckBlock block = new AckBlock();
        block.linkId = linkId;
        block.firstRun = AckBlock.MAX_DELTAS;
        return block;
    }

    private static AckBlock randomBlock(SplittableRandom random) {
        AckBlock block = new AckBlock();
        block.linkId = random.nextInt(1, 256);
        block.largest = random.nextLong(1L << 32);
        block.arrivalMicros = random.nextLong(1L << 32);
        block.delayUnits = random.nextInt(1 << 16);
        block.receivedBytes = random.nextLong(1L << 48);
        block.settled = random.nextLong(1L << 32);
        block.congestionMarks = random.nextInt(1 << 16);
        block.firstRun = random.nextInt(1 << 16);
        long received = block.firstRun;
        for (int ranges = random.nextInt(16); ranges > 0; ranges--) {
            int run = random.nextInt(1, 1 << 16);
            block.addRange(random.nextInt(1, 1 << 16), run);
            received += run;
        }
        for (long deltas = Math.min(received, random.nextInt(16)); deltas > 0; deltas--) {
            block.addDelta(random.nextInt(1 << 16));
        }
        return block;
    }

    /** Collects the parts of a report. */
    private record ControlVisitor(Map<LinkId, Received> counts, List<Integer> extensions) implements FrameVisitor {
        @Override
        public void onControl(ControlPacket report) {
            assertThat(report.sequence()).isEqualTo(4);
            counts.putAll(report.received());
            extensions.add(report.extension().remaining());
        }

        @Override
        public void onPayload(ByteBuffer payload) {
            throw new AssertionError("no payload was sent");
        }

        @Override
        public void onAck(AckBlock block) {}

        @Override
        public void onLinkHorizon(int linkId, long lastNumberLow, long sentMicrosLow) {}

        @Override
        public void onLinkState(long sequence, int linkId, int flags) {}

        @Override
        public void onClose(int code, String reason) {}

        @Override
        public void onHandshake(int step, int receiver, ByteBuffer noiseMessage) {}

        @Override
        public void onProbe(int token, ByteBuffer linkIds) {}

        @Override
        public void onProbeReply(int token, int linkId, int datagramBytes, long arrivalMicrosLow) {}

        @Override
        public void onPathChallenge(long token) {}

        @Override
        public void onPathResponse(long token) {}

        @Override
        public void onUnknown(int code, int lengthBytes) {}
    }
}
