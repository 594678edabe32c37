package io.bindlink.core.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Delivery;
import io.bindlink.api.PacketInfo;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class CongestionMarkTest {
    @Test
    void marksOfTheQueueComeOutAtThePeer() {
        FakeBond bond = new FakeBond(1, "lowest-delay", new FakePath(8, 20));
        int[] arrived = new int[2];
        bond.b.device = new FakeEnd.Device() {
            @Override
            public boolean deliver(ByteBuffer packet, PacketInfo info) {
                arrived[(packet.get(packet.position() + 1) & 3) == 3 ? 1 : 0]++;
                return true;
            }
        };
        for (int i = 0; i < 1_000; i++) {
            bond.a.send(packet()); // 9.6 Mbit/s
            bond.run(1);
        }
        bond.run(1_000);
        assertThat(arrived[1]).isPositive();
        assertThat(arrived[0] + arrived[1]).isEqualTo(1_000);
        assertThat(bond.a.counters.get("queue_ecn_marked")).isEqualTo(arrived[1]);
        assertThat(bond.a.counters.get("queue_codel")).isZero();
    }

    private static FakePacket packet() {
        ByteBuffer packet = ByteBuffer.allocate(1_200);
        packet.put((byte) 0x45).put((byte) 2).putShort((short) 1_200).putInt(0);
        packet.put((byte) 64)
                .put((byte) 6)
                .putShort((short) 0)
                .putInt(0x0A000001)
                .putInt(0x0A000002);
        packet.putInt(0x12345678).put(32, (byte) 0x50).put(33, (byte) 0x10);
        return new FakePacket(packet.array(), 0, Delivery.BEST_EFFORT);
    }
}
