package io.bindlink.core.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.core.queue.Parcel;
import io.bindlink.core.queue.Parcels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Reads the vectors of docs/wire-mux.md, so that code and description cannot part. */
class WireMuxTest {
    private static final int FIRST_AND_LAST = ChunkLayout.FLAG_FIRST | ChunkLayout.FLAG_LAST;

    private final ChunkReader reader = new ChunkReader();

    @Test
    void wholePacket() throws IOException {
        reader.begin(ByteBuffer.wrap(vector("data-whole")));
        assertThat(reader.next()).isEqualTo(ChunkReader.Found.CHUNK);
        assertThat(reader.kind()).isEqualTo(ChunkLayout.KIND_DATA);
        assertThat(reader.flowClass()).isEqualTo(FlowClass.ORDERED);
        assertThat(reader.slot()).isEqualTo(0x123);
        assertThat(reader.sequence()).isEqualTo(5);
        assertThat(reader.isWholePacket()).isTrue();
        assertThat(data("data-whole")).isEqualTo("hello".getBytes(StandardCharsets.US_ASCII));
        assertThat(reader.next()).isEqualTo(ChunkReader.Found.END);

        Piece piece = piece(FlowClass.ORDERED, 0x123, 5, FIRST_AND_LAST, "hello".getBytes(StandardCharsets.US_ASCII));
        assertThat(write(piece, true)).isEqualTo(vector("data-whole"));
    }

    @Test
    void twoChunks() throws IOException {
        reader.begin(ByteBuffer.wrap(vector("data-two")));
        assertThat(reader.next()).isEqualTo(ChunkReader.Found.CHUNK);
        assertThat(reader.flowClass()).isEqualTo(FlowClass.UNORDERED);
        assertThat(data("data-two")).isEqualTo(HexFormat.of().parseHex("aabb"));
        assertThat(reader.next()).isEqualTo(ChunkReader.Found.CHUNK);
        assertThat(reader.flowClass()).isEqualTo(FlowClass.ORDERED);
        assertThat(reader.isWholePacket()).isFalse();
        assertThat(data("data-two")).isEqualTo(HexFormat.of().parseHex("ccdd"));

        byte[] unordered = write(
                piece(FlowClass.UNORDERED, 7, 1, FIRST_AND_LAST, HexFormat.of().parseHex("aabb")), false);
        byte[] ordered = write(
                piece(
                        FlowClass.ORDERED,
                        8,
                        2,
                        ChunkLayout.FLAG_FIRST,
                        HexFormat.of().parseHex("ccdd")),
                true);
        assertThat(ByteBuffer.allocate(20).put(unordered).put(ordered).array()).isEqualTo(vector("data-two"));
    }

    @Test
    void partsOfAChunk() throws IOException {
        Piece piece = piece(FlowClass.RELIABLE, 0x1001, 9, FIRST_AND_LAST, new byte[] {1, 2, 3});
        Piece rest = new Piece();
        piece.split(2, rest);
        assertThat(write(piece, true)).isEqualTo(vector("cut-beginning"));
        assertThat(write(rest, true)).isEqualTo(vector("cut-end"));

        reader.begin(ByteBuffer.wrap(vector("cut-end")));
        assertThat(reader.next()).isEqualTo(ChunkReader.Found.CHUNK);
        assertThat(reader.isWhole()).isFalse();
        assertThat(reader.cutOffset()).isEqualTo(2);
        assertThat(reader.has(ChunkLayout.FLAG_CUT_END)).isTrue();
    }

    @Test
    void superPacket() throws IOException {
        Offload offload = new Offload(Offload.Kind.TCP4, 1_340, true);
        byte[] bytes = new byte[4_000];
        bytes[0] = 0x45;
        Parcel parcel = new Parcels().wrap(new FakePacket(bytes, 0, Delivery.BEST_EFFORT, offload), 0);
        Piece piece = new Piece();
        int flags = ChunkLayout.FLAG_FIRST | ChunkLayout.FLAG_META;
        piece.make(new Outflow(ChunkLayout.key(FlowClass.ORDERED, 0xFFF), 0), parcel, flags, 0, 2);
        piece.sequence = (1L << 40) - 1;
        assertThat(write(piece, true)).isEqualTo(vector("data-super"));

        reader.begin(ByteBuffer.wrap(vector("data-super")));
        assertThat(reader.next()).isEqualTo(ChunkReader.Found.CHUNK);
        assertThat(Meta.offload(reader.metaKind(), reader.segmentBytes())).isEqualTo(offload);
        assertThat(reader.totalBytes()).isEqualTo(4_000);
        assertThat(reader.sequence()).isEqualTo(ChunkLayout.SEQUENCE_MASK);
    }

    @Test
    void flowNumber() throws IOException {
        assertThat(ChunkLayout.reliableSlot(61_441)).isEqualTo(0x1000);
        Parcel parcel = new Parcels().wrap(new FakePacket(new byte[] {1, 2, 3}, 61_441, Delivery.RELIABLE), 0);
        Outflow flow = new Outflow(ChunkLayout.key(FlowClass.RELIABLE, 0x1000), 0);
        PayloadPlan plan = new PayloadPlan();
        plan.begin(1_400);
        Piece piece = Objects.requireNonNull(new Cutter(new Pieces()).cut(flow, parcel, plan, 0));
        assertThat(write(piece, true)).isEqualTo(vector("data-flow"));

        reader.begin(ByteBuffer.wrap(vector("data-flow")));
        assertThat(reader.next()).isEqualTo(ChunkReader.Found.CHUNK);
        assertThat(reader.hasFlowNumber()).isTrue();
        assertThat(reader.flowNumber()).isEqualTo(61_441);
    }

    @Test
    void notices() throws IOException {
        Notices notices = new Notices();
        notices.post(Notices.floor(ChunkLayout.key(FlowClass.ORDERED, 0x123)));
        ByteBuffer out = ByteBuffer.allocate(7);
        assertThat(notices.write(out, notice -> 6)).isEqualTo(1);
        assertThat(out.array()).isEqualTo(vector("floor"));

        notices.removeFirst(1);
        notices.post(Notices.playout(ChunkLayout.key(FlowClass.ORDERED, 0x123)));
        out.clear();
        assertThat(notices.write(out, notice -> 20_000_000 / ChunkLayout.PLAYOUT_UNIT_NANOS))
                .isEqualTo(1);
        assertThat(out.array()).isEqualTo(vector("playout"));

        notices.removeFirst(1);
        notices.post(Notices.credit(ChunkLayout.key(FlowClass.RELIABLE, 0x1000)));
        out.clear();
        assertThat(notices.write(out, credit(9, 2))).isEqualTo(1);
        assertThat(out.array()).isEqualTo(vector("flow-credit"));

        reader.begin(ByteBuffer.wrap(vector("flow-credit")));
        assertThat(reader.next()).isEqualTo(ChunkReader.Found.CHUNK);
        assertThat(reader.kind()).isEqualTo(ChunkLayout.KIND_FLOW_CREDIT);
        assertThat(reader.key()).isEqualTo(ChunkLayout.key(FlowClass.RELIABLE, 0x1000));
        assertThat(reader.sequence()).isEqualTo(9 + 2_048);
        assertThat(reader.windowDoublings()).isEqualTo(2);
        assertThat(reader.next()).isEqualTo(ChunkReader.Found.END);
    }

    private static Notices.Source credit(long delivered, int doublings) {
        return new Notices.Source() {
            @Override
            public long sequence(int notice) {
                return delivered + ChunkLayout.windowChunks(doublings);
            }

            @Override
            public int flags(int notice) {
                return doublings << ChunkLayout.DOUBLINGS_SHIFT;
            }
        };
    }

    @Test
    void unknownKindIsSkipped() throws IOException {
        reader.begin(ByteBuffer.wrap(vector("unknown-then-data")));
        assertThat(reader.next()).isEqualTo(ChunkReader.Found.UNKNOWN);
        assertThat(reader.next()).isEqualTo(ChunkReader.Found.CHUNK);
        assertThat(reader.sequence()).isEqualTo(5);
        assertThat(reader.next()).isEqualTo(ChunkReader.Found.END);
    }

    private static Piece piece(FlowClass flowClass, int slot, long sequence, int flags, byte[] bytes) {
        Parcel parcel = new Parcels().wrap(new FakePacket(bytes, 0, flowClass.delivery()), 0);
        Piece piece = new Piece();
        Outflow flow = new Outflow(ChunkLayout.key(flowClass, slot), 0);
        piece.make(flow, parcel, flags | ChunkLayout.classFlags(flowClass), 0, bytes.length);
        piece.sequence = sequence;
        return piece;
    }

    private static byte[] write(Piece piece, boolean lastInPayload) {
        ByteBuffer out = ByteBuffer.allocate(2_000);
        piece.write(out, lastInPayload);
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    private byte[] data(String name) throws IOException {
        byte[] bytes = new byte[reader.dataBytes()];
        ByteBuffer.wrap(vector(name)).get(reader.dataIndex(), bytes);
        return bytes;
    }

    private static byte[] vector(String name) throws IOException {
        Path document = Path.of("docs", "wire-mux.md");
        String text = Files.readString(
                Files.exists(document) ? document : Path.of("..").resolve(document));
        Matcher fence = Pattern.compile("```vector " + name + "\n([^`]*)```").matcher(text);
        assertThat(fence.find()).as("vector " + name).isTrue();
        return HexFormat.of().parseHex(fence.group(1).replaceAll("\\s", ""));
    }
}
