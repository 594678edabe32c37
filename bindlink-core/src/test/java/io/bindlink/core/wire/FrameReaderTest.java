package io.bindlink.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.base.DropReason;
import io.bindlink.core.base.Seeds;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameReaderTest {
    private final FrameReader reader = new FrameReader();
    private final RecordingVisitor visitor = new RecordingVisitor();

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a type under 40 that does not exist,          0c 0000",
        "the last type under 40,                       3f 0000",
        "a length that runs over the end,              40 0002 aa",
        "a horizon of link 0,                          03 00 00000005 000f4240",
        "a state of link 0,                            04 00000001 00 01",
        "a text that runs over the end,                05 00 04 627965",
        "a handshake step that does not exist,         06 03 05060708 0001 aa",
        "a report of link 0,                           07 0000000000000009 01 00 0000000003 000000000e10 0000",
        "an extension that runs over the end,          07 0000000000000009 00 0002 ca",
        "a probe for link 0,                           08 a1b2c3d4 02 01 00",
        "a reply of link 0,                            09 a1b2c3d4 00 04b0 fffffff0",
        "an ACK of link 0,                             02 01 00 00000005 00000000 0000 000000000000 00000000 0000 00 0000",
        "an ACK with a gap of 0,                       02 01 01 00000005 00000000 0000 000000000000 00000000 0000 10 0000 0000 0001",
        "an ACK with a run of 0,                       02 01 01 00000005 00000000 0000 000000000000 00000000 0000 10 0000 0001 0000",
        "an ACK with a delta of no number,             02 01 01 00000005 00000000 0000 000000000000 00000000 0000 02 0001 0001 0001",
    })
    void rejects(String what, String hex) {
        assertThat(reader.parse(frames(hex), visitor)).as(what).isEqualTo(DropReason.MALFORMED);
        assertThat(visitor.seen).isEmpty();
    }

    @Test
    void oneLinkTwiceInAReportIsMalformed() {
        String entry = "01 0000000003 000000000e10";
        ByteBuffer frames = frames("07 0000000000000009 02" + entry + entry + "0000");

        assertThat(reader.parse(frames, visitor)).isEqualTo(DropReason.MALFORMED);
    }

    @Test
    void anExtensionLargerThanAReportMayCarryIsMalformed() {
        ByteBuffer frames = frames("07 0000000000000009 00 0201" + "00".repeat(513));

        assertThat(reader.parse(frames, visitor)).isEqualTo(DropReason.MALFORMED);
    }

    @Test
    void framesBeforeAMalformedOneCount() {
        ByteBuffer frames = frames("0a 0000000000000001 00 0b 0000000000000002 3f 0a 0000000000000003");

        assertThat(reader.parse(frames, visitor)).isEqualTo(DropReason.MALFORMED);
        assertThat(visitor.seen).containsExactly("challenge 1", "response 2");
    }

    @Test
    void readingGoesOnBehindFramesWhoseBytesWereLeftUnread() {
        ByteBuffer frames = frames("08 00000001 02 01 02 06 02 00000003 0004 aabbccdd 01 eeff");

        assertThat(reader.parse(frames, visitor)).isNull();
        assertThat(visitor.seen).containsExactly("probe 1 on 0102", "handshake 2 3 aabbccdd", "payload eeff");
    }

    @Test
    void aDatagramWithoutFramesMakesSense() {
        assertThat(reader.parse(ByteBuffer.allocate(0), visitor)).isNull();
        assertThat(visitor.seen).isEmpty();
    }

    @Test
    void textOfThePeerCannotSteerATerminal() {
        reader.parse(frames("05 00 06 611b5b324a62"), visitor);

        assertThat(visitor.seen).containsExactly("close 0 a\uFFFD[2Jb");
    }

    @Test
    void typesAreDenseSoThatTheirCodeIsTheirPlace() {
        FrameType[] types = FrameType.values();
        for (int code = 0; code < types.length; code++) {
            assertThat(types[code].code()).isEqualTo(code);
            assertThat(FrameType.of(code)).isSameAs(types[code]);
        }
        assertThat(FrameType.of(FrameType.values().length)).isNull();
    }

    @Test
    void noBytesMakeItThrow() {
        Seeds.forEach(3_000, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            parseAll(bytes, random);
        });
    }

    @Test
    void noChangeToAValidDatagramMakesItThrow() {
        List<String> names = WireVectors.names().stream()
                .filter(name -> name.startsWith("frame_"))
                .toList();
        Seeds.forEach(3_000, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            ByteBuffer frames = ByteBuffer.allocate(1_000);
            for (int i = 0; i < 5; i++) {
                frames.put(WireVectors.bytes(names.get(random.nextInt(names.size()))));
            }
            byte[] bytes = new byte[random.nextInt(frames.position() + 1)]; // cut anywhere
            frames.get(0, bytes);
            for (int changes = random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            parseAll(bytes, random);
        });
    }

    /** Reads the bytes from within a larger buffer, of which none but these may be touched. */
    private void parseAll(byte[] bytes, SplittableRandom random) {
        int offset = random.nextInt(5);
        ByteBuffer buffer = ByteBuffer.allocate(offset + bytes.length + 3)
                .put(offset, bytes)
                .position(offset)
                .limit(offset + bytes.length);

        DropReason reason = reader.parse(buffer, visitor);

        assertThat(buffer.limit()).isEqualTo(offset + bytes.length);
        if (reason == null) {
            assertThat(buffer.hasRemaining()).isFalse();
        } else {
            assertThat(reason).isEqualTo(DropReason.MALFORMED);
        }
    }

    private static ByteBuffer frames(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }
}
