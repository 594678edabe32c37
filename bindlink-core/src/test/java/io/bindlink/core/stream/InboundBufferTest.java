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
            InboundBuffer buffer = new InboundBuffer();
            Deque<Byte> model = new ArrayDeque<>();
            boolean same = true;
            for (int step = 0; step < 200; step++) {
                byte[] piece = new byte[random.nextInt(random.nextBoolean() ? 40_000 : 40)];
                if (random.nextBoolean()) {
                    random.nextBytes(piece);
                    boolean room = buffer.hasRoom(piece.length);
                    assertThat(room).isEqualTo(model.size() + piece.length <= InboundBuffer.CAPACITY_BYTES);
                    if (room) {
                        buffer.add(ByteBuffer.wrap(piece));
                        for (byte b : piece) {
                            model.add(b);
                        }
                    }
                } else {
                    int taken = buffer.take(piece, 0, piece.length);
                    assertThat(taken).isEqualTo(Math.min(piece.length, model.size()));
                    for (int i = 0; i < taken; i++) {
                        same &= piece[i] == model.remove();
                    }
                    assertThat(same).isTrue();
                }
                assertThat(buffer.size()).isEqualTo(model.size());
            }
        });
    }

    @Test
    void forgetsWhatItIsToldToForget() {
        InboundBuffer buffer = new InboundBuffer();
        buffer.add(ByteBuffer.allocate(10_000));
        buffer.clear();
        assertThat(buffer.size()).isZero();
        assertThat(buffer.take(new byte[10], 0, 10)).isZero();
        assertThat(buffer.hasRoom(InboundBuffer.CAPACITY_BYTES)).isTrue();
    }
}
