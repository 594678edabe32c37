package io.bindlink.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.base.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class StreamMessagesTest {
    private static final byte[] HELLO = "Hello".getBytes(StandardCharsets.US_ASCII);

    @Test
    void writesWhatTheVectorsShow() throws IOException {
        assertThat(written(out -> StreamMessages.writeOpen(out, "tcp"))).isEqualTo(vector("stream-open"));
        assertThat(written(out -> writeData(out, HELLO))).isEqualTo(vector("stream-data"));
        assertThat(written(StreamMessages::writeFin)).isEqualTo(vector("stream-fin"));
        assertThat(written(StreamMessages::writeAccept)).isEqualTo(vector("stream-accept"));
        assertThat(written(out -> StreamMessages.writeReset(out, ResetCode.UNREACHABLE, "refused")))
                .isEqualTo(vector("stream-reset"));
    }

    @Test
    void readsWhatTheVectorsShow() throws IOException {
        assertThat(parsed(vector("stream-open"))).containsExactly("open tcp");
        assertThat(parsed(vector("stream-data"))).containsExactly("data 48656c6c6f");
        assertThat(parsed(vector("stream-fin"))).containsExactly("fin");
        assertThat(parsed(vector("stream-accept"))).containsExactly("accept");
        assertThat(parsed(vector("stream-reset"))).containsExactly("reset UNREACHABLE refused");
        assertThat(parsed(vector("stream-open-unknown-data"))).containsExactly("open tcp", "unknown 85", "data 00ff");
        assertThat(StreamMessages.dataBytes(vector("stream-malformed"))).isEqualTo(-1);
    }

    @Test
    void foretellsTheDataOfAPacketWithoutChangingIt() throws IOException {
        ByteBuffer packet = vector("stream-open-unknown-data");
        assertThat(StreamMessages.dataBytes(packet)).isEqualTo(2);
        assertThat(packet).isEqualTo(vector("stream-open-unknown-data"));
    }

    @Test
    void resetCodeOfANewerPeerMeansCancelled() {
        assertThat(parsed(bytes("04 0001 63"))).containsExactly("reset CANCELLED ");
        assertThat(parsed(bytes("04 0001 ff"))).containsExactly("reset CANCELLED ");
    }

    @Test
    void cutsALongTextBetweenCharacters() {
        ByteBuffer packet = written(out -> StreamMessages.writeReset(out, ResetCode.CANCELLED, "\u00e9".repeat(200)));
        assertThat(parsed(packet)).containsExactly("reset CANCELLED " + "\u00e9".repeat(127));
    }

    @Test
    void keepsControlCharactersOutOfTexts() {
        assertThat(parsed(bytes("04 0006 00 611b5b316d"))).containsExactly("reset CANCELLED a?[1m");
    }

    @Test
    void survivesMutatedMessages() {
        Seeds.forEach(20_000, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            ByteBuffer out = ByteBuffer.allocate(1_000);
            StreamMessages.writeOpen(out, "name " + seed);
            StreamMessages.writeReset(out, ResetCode.CANCELLED, "text");
            StreamMessages.writeFin(out);
            StreamMessages.writeAccept(out);
            writeData(out, new byte[random.nextInt(20)]);
            byte[] changed = Arrays.copyOf(out.array(), random.nextInt(1, out.position() + 1)); // cut anywhere
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(random.nextBoolean() ? 8 : 256);
            }
            ByteBuffer packet = ByteBuffer.wrap(changed);
            int dataBytes = StreamMessages.dataBytes(packet);
            assertThat(dataBytes).isBetween(-1, changed.length - 1);
            if (dataBytes >= 0) {
                parsed(packet);
            }
        });
    }

    @Test
    void survivesRandomBytes() {
        Seeds.forEach(20_000, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] noise = new byte[random.nextInt(1, 80)];
            random.nextBytes(noise);
            noise[0] = (byte) random.nextInt(8);
            ByteBuffer packet = ByteBuffer.wrap(noise);
            int dataBytes = StreamMessages.dataBytes(packet);
            assertThat(dataBytes).isBetween(-1, noise.length - 1);
            if (dataBytes >= 0) {
                parsed(packet);
            }
        });
    }

    private static List<String> parsed(ByteBuffer packet) {
        assertThat(StreamMessages.dataBytes(packet)).isNotNegative();
        List<String> messages = new ArrayList<>();
        StreamMessages.parse(packet, new StreamMessages.Visitor() {
            @Override
            public void onOpen(String name) {
                messages.add("open " + name);
            }

            @Override
            public void onData(ByteBuffer bytes) {
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                messages.add("data " + HexFormat.of().formatHex(copy));
            }

            @Override
            public void onFin() {
                messages.add("fin");
            }

            @Override
            public void onAccept() {
                messages.add("accept");
            }

            @Override
            public void onReset(ResetCode code, String text) {
                messages.add("reset " + code + " " + text);
            }

            @Override
            public void onUnknown(int type) {
                messages.add("unknown " + type);
            }
        });
        return messages;
    }

    private static void writeData(ByteBuffer out, byte[] bytes) {
        StreamMessages.beginData(out);
        out.put(bytes);
    }

    private static ByteBuffer written(Consumer<ByteBuffer> message) {
        ByteBuffer out = ByteBuffer.allocate(1_000);
        message.accept(out);
        return out.flip();
    }

    private static ByteBuffer vector(String name) throws IOException {
        Path page = Files.exists(Path.of("docs")) ? Path.of("docs/wire-stream.md") : Path.of("../docs/wire-stream.md");
        Matcher block = Pattern.compile("```vector " + name + "\n([^`]*)```").matcher(Files.readString(page));
        assertThat(block.find()).as("vector " + name).isTrue();
        return bytes(block.group(1));
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
    }
}
