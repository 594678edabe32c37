package io.bindlink.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.base.Seeds;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class InboundBufferTest {
    @Test
    void givesBytesOutInTheOrderTheyCameIn() {
        Seeds.forEach(40, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            Blocks blocks = new Blocks();
            InboundBuffer buffer = new InboundBuffer(blocks);
            Deque<Byte> model = new ArrayDeque<>();
            boolean same = true;
            for (int step = 0; step < 200; step++) {
                byte[] piece = new byte[random.nextInt(random.nextBoolean() ? 40_000 : 40)];
                if (random.nextBoolean()) {
                    random.nextBytes(piece);
                    boolean room = buffer.hasRoom(piece.length);
                    assertThat(room)
                            .isEqualTo(model.isEmpty() || model.size() + piece.length <= InboundBuffer.CAPACITY_BYTES);
                    if (room) {
                        buffer.add(ByteBuffer.wrap(piece));
                        for (byte b : piece) {
                            model.add(b);
                        }
                    }
                } else {
                    int taken = buffer.take(ByteBuffer.wrap(piece));
                    assertThat(taken).isEqualTo(Math.min(piece.length, model.size()));
                    for (int i = 0; i < taken; i++) {
                        same &= piece[i] == model.remove();
                    }
                    assertThat(same).isTrue();
                }
                assertThat(buffer.size()).isEqualTo(model.size());
                int mostBlocks = model.isEmpty() ? 0 : model.size() / Blocks.BLOCK_BYTES + 2;
                assertThat(blocks.lent()).isLessThanOrEqualTo(mostBlocks);
            }
        });
    }

    @Test
    void whatIsBeingReadStaysAsItIsThoughTheBufferIsCleared() {
        Blocks blocks = new Blocks();
        InboundBuffer buffer = new InboundBuffer(blocks);
        buffer.add(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        ByteBuffer head = buffer.head();
        buffer.clear();
        InboundBuffer other = new InboundBuffer(blocks);
        other.add(ByteBuffer.wrap(new byte[] {7, 8, 9}));
        assertThat(head).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        buffer.skip(3);
        assertThat(buffer.size()).isZero();
        assertThat(blocks.lent()).isEqualTo(1);
    }

    @Test
    void whenMuchIsLentStreamsThatHoldNothingStillTakeAPacket() {
        Blocks blocks = new Blocks();
        InboundBuffer buffer = new InboundBuffer(blocks);
        buffer.add(ByteBuffer.allocate(1));
        for (int i = 1; i < Blocks.MAX_LENT; i++) {
            blocks.take();
        }
        assertThat(buffer.hasRoom(1)).isFalse();
        assertThat(new InboundBuffer(blocks).hasRoom(65_535)).isTrue();
    }

    @Test
    void forgetsWhatItIsToldToForget() {
        InboundBuffer buffer = new InboundBuffer(new Blocks());
        buffer.add(ByteBuffer.allocate(10_000));
        buffer.clear();
        assertThat(buffer.size()).isZero();
        assertThat(buffer.take(ByteBuffer.allocate(10))).isZero();
        assertThat(buffer.hasRoom(InboundBuffer.CAPACITY_BYTES)).isTrue();
    }
}
