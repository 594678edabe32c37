package io.bindlink.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.ControlPacket.Received;
import io.bindlink.api.LinkId;
import io.bindlink.core.base.DropReason;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each frame, both ways, against the bytes in {@code docs/wire.md section 8}. */
class FrameVectorsTest {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final Set<String> IN_PARTS = Set.of("frame_ack", "frame_control"); // see FrameWriterTest

    @Test
    void paddingIsNotVisited() {
        check("frame_padding", out -> FrameWriter.padding(out, 3));
    }

    @Test
    void payloadRunsToTheEnd() {
        ByteBuffer payload = ByteBuffer.wrap(new byte[] {0, 'h', 'e', 'l', 'l', 'o', 0}, 1, 5);
        check("frame_payload", out -> FrameWriter.payload(out, payload), "payload 68656c6c6f");
        assertThat(payload.remaining())
                .as("the caller's buffer stays as it was")
                .isEqualTo(5);
    }

    @Test
    void ackTellsOfSeveralLinks() {
        check(
                "frame_ack",
                out -> {
                    int start = FrameWriter.beginAck(out);
                    return FrameWriter.addAckBlock(out, start, richBlock())
                            && FrameWriter.addAckBlock(out, start, extremeBlock())
                            && FrameWriter.endAck(out, start);
                },
                "ack link 1 largest 65541 at 1000000 delay 25 bytes 1048576 settled 65535 ce 3 first 2"
                        + " -1+3 -4+1 d16 d32 d65535",
                "ack link 255 largest 0 at 4294967295 delay 65535 bytes 1200 settled 3 ce 0 first 0");
    }

    @Test
    void linkHorizon() {
        check("frame_link_horizon", out -> FrameWriter.linkHorizon(out, 2, 5, 1_000_000), "horizon 2 5 1000000");
    }

    @Test
    void linkState() {
        check(
                "frame_link_state",
                out -> FrameWriter.linkState(out, 1, 3, LinkFlags.NOT_HEARING | LinkFlags.PAUSED),
                "state 1 3 6");
    }

    @Test
    void close() {
        check("frame_close", out -> FrameWriter.close(out, 0, "bye"), "close 0 bye");
    }

    @Test
    void handshake() {
        byte[] noise = new byte[48];
        Arrays.fill(noise, 0, 32, (byte) 0xE4);
        Arrays.fill(noise, 32, 48, (byte) 0x5D);
        byte[] clear = Prologue.handshakeClearBytes(Prologue.INITIATE, 0x05060708, noise.length);
        check(
                "frame_handshake",
                out -> FrameWriter.handshake(out, clear, noise),
                "handshake 1 5060708 " + "e4".repeat(32) + "5d".repeat(16));
    }

    @Test
    void control() {
        List<Map.Entry<LinkId, Received>> entries = List.of(
                Map.entry(new LinkId(1), new Received(3, 3600)),
                Map.entry(new LinkId(2), new Received((1L << 40) - 1, (1L << 48) - 1)));
        ByteBuffer extension = ByteBuffer.wrap(new byte[] {(byte) 0xCA, (byte) 0xFE});
        check(
                "frame_control",
                out -> FrameWriter.control(out, 9, entries, 0, extension) == 2,
                "control 9 1:3/3600 2:1099511627775/281474976710655 +cafe");
        assertThat(extension.remaining())
                .as("the caller's buffer stays as it was")
                .isEqualTo(2);
    }

    @Test
    void controlWithoutAnything() {
        check("frame_control_empty", out -> FrameWriter.control(out, 0, List.of(), 0, NOTHING) == 0, "control 0 +");
    }

    @Test
    void probe() {
        check("frame_probe", out -> FrameWriter.probe(out, 0xA1B2C3D4), "probe a1b2c3d4 on ");
        check(
                "frame_probe_on_links",
                out -> FrameWriter.probe(out, 0xA1B2C3D4, (byte) 1, (byte) 255),
                "probe a1b2c3d4 on 01ff");
    }

    @Test
    void probeReply() {
        check(
                "frame_probe_reply",
                out -> FrameWriter.probeReply(out, 0xA1B2C3D4, 2, 1200, (1L << 32) - 16),
                "reply a1b2c3d4 2 1200 4294967280");
    }

    @Test
    void pathChallengeAndResponse() {
        long token = 0x0102030405060708L;
        check("frame_path_challenge", out -> FrameWriter.pathChallenge(out, token), "challenge 102030405060708");
        check("frame_path_response", out -> FrameWriter.pathResponse(out, token), "response 102030405060708");
    }

    @Test
    void unknownFramesAreSkipped() {
        assertThat(read(WireVectors.bytes("frame_unknown"))).containsExactly("unknown 40 0", "unknown ff 3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "frame_ack",
                "frame_link_horizon",
                "frame_link_state",
                "frame_close",
                "frame_handshake",
                "frame_control",
                "frame_control_empty",
                "frame_probe",
                "frame_probe_on_links",
                "frame_probe_reply",
                "frame_path_challenge",
                "frame_path_response"
            })
    void aFrameCutShortIsMalformedAtEveryLength(String name) {
        byte[] whole = WireVectors.bytes(name);
        for (int length = 1; length < whole.length; length++) {
            DropReason reason = new FrameReader().parse(ByteBuffer.wrap(whole, 0, length), new RecordingVisitor());
            assertThat(reason).as("%s cut to %d bytes", name, length).isEqualTo(DropReason.MALFORMED);
        }
    }

    /** The writer makes the vector, or nothing when there is too little room; the reader understands it. */
    private static void check(String name, Predicate<ByteBuffer> writer, String... visits) {
        byte[] expected = WireVectors.bytes(name);
        ByteBuffer out = ByteBuffer.allocate(expected.length + 7).position(7);
        assertThat(writer.test(out)).isTrue();
        assertThat(Arrays.copyOfRange(out.array(), 7, out.position())).as(name).isEqualTo(expected);
        assertThat(read(expected)).as(name).containsExactly(visits);

        if (!IN_PARTS.contains(name)) {
            for (int room = 0; room < expected.length; room++) {
                ByteBuffer tight = ByteBuffer.allocate(room);
                assertThat(writer.test(tight)).as("%s in %d bytes", name, room).isFalse();
                assertThat(tight.position()).isZero();
            }
        }
    }

    private static List<String> read(byte[] frames) {
        RecordingVisitor visitor = new RecordingVisitor();
        assertThat(new FrameReader().parse(ByteBuffer.wrap(frames), visitor)).isNull();
        return visitor.seen;
    }

    private static AckBlock richBlock() {
        AckBlock block = new AckBlock();
        block.linkId = 1;
        block.largest = 65_541;
        block.arrivalMicros = 1_000_000;
        block.delayUnits = 400 / AckBlock.UNIT_MICROS;
        block.receivedBytes = 1 << 20;
        block.settled = 65_535;
        block.congestionMarks = 3;
        block.firstRun = 2;
        block.addRange(1, 3);
        block.addRange(4, 1);
        block.addDelta(16);
        block.addDelta(32);
        block.addDelta(AckBlock.UNKNOWN_DELTA);
        return block;
    }

    private static AckBlock extremeBlock() {
        AckBlock block = new AckBlock();
        block.linkId = 255;
        block.arrivalMicros = (1L << 32) - 1;
        block.delayUnits = 1_000_000; // saturates
        block.receivedBytes = 1200;
        block.settled = 3;
        return block;
    }
}
