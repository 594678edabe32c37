package io.bindlink.core.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.base.Seeds;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PacketParserTest {
    private static final int ACK = 0x10;
    private static final int PSH_ACK = 0x18;
    private static final int SYN = 0x02;

    private final PacketParser parser = new PacketParser(42);

    @Test
    void flowsAreToldApartByAddressesPortsAndProtocol() {
        Set<Integer> slots = new HashSet<>();
        for (int port = 0; port < 200; port++) {
            slots.add(slot(ipv4(6, port, 443, PSH_ACK, 100)));
            slots.add(slot(ipv4(17, port, 443, 0, 100)));
            slots.add(slot(ipv6(6, port, 443, PSH_ACK, 100)));
        }
        assertThat(slots).hasSizeGreaterThan(520); // of 600; a hash of 4,096 slots has some in common
        assertThat(slot(ipv4(6, 7, 443, PSH_ACK, 100))).isEqualTo(slot(ipv4(6, 7, 443, ACK, 900)));
        assertThat(slots).allMatch(slot -> slot >= 0 && slot < ChunkLayout.BEST_EFFORT_SLOTS);
    }

    @Test
    void saltChangesTheSlots() {
        int same = 0;
        PacketParser other = new PacketParser(43);
        for (int port = 0; port < 100; port++) {
            ByteBuffer packet = ipv4(6, port, 443, PSH_ACK, 100);
            other.parse(packet);
            same += other.slot() == slot(packet) ? 1 : 0;
        }
        assertThat(same).isLessThan(5);
    }

    @Test
    void acknowledgementsWithoutDataNeedNoOrder() {
        assertThat(traffic(ipv4(6, 1, 2, ACK, 0))).isEqualTo(PacketParser.Traffic.UNORDERED);
        assertThat(traffic(ipv6(6, 1, 2, ACK, 0))).isEqualTo(PacketParser.Traffic.UNORDERED);
        assertThat(traffic(ipv4(6, 1, 2, ACK, 1))).isEqualTo(PacketParser.Traffic.ORDERED);
        assertThat(traffic(ipv4(6, 1, 2, SYN, 0))).isEqualTo(PacketParser.Traffic.ORDERED);
        assertThat(traffic(ipv4(6, 1, 2, ACK | 0x01, 0))).as("FIN").isEqualTo(PacketParser.Traffic.ORDERED);
    }

    @Test
    void pingsAndNamesNeedNoOrder() {
        assertThat(traffic(ipv4(1, 0, 0, 0, 50))).isEqualTo(PacketParser.Traffic.UNORDERED);
        assertThat(traffic(ipv6(58, 0, 0, 0, 50))).isEqualTo(PacketParser.Traffic.UNORDERED);
        assertThat(traffic(ipv4(17, 5_000, 53, 0, 50))).isEqualTo(PacketParser.Traffic.UNORDERED);
        assertThat(traffic(ipv4(17, 53, 5_000, 0, 50))).isEqualTo(PacketParser.Traffic.UNORDERED);
        assertThat(traffic(ipv4(17, 5_000, 5_001, 0, 50))).isEqualTo(PacketParser.Traffic.DATAGRAMS);
    }

    @Test
    void fragmentsOfAPacketAreOneFlow() {
        ByteBuffer first = ipv4(17, 1_000, 53, 0, 100).putShort(6, (short) 0x2000);
        ByteBuffer second = ipv4(17, 9_999, 1, 0, 100).putShort(6, (short) 0x0010);
        assertThat(slot(first)).isEqualTo(slot(second));
        assertThat(traffic(first)).isEqualTo(PacketParser.Traffic.ORDERED);
        assertThat(traffic(second)).isEqualTo(PacketParser.Traffic.ORDERED);
        assertThat(slot(ipv4(6, 1, 1, 0, 100).putShort(6, (short) 0x2000))).isNotEqualTo(slot(first));
        assertThat(slot(ipv4(17, 1, 1, 0, 100).putShort(6, (short) 0x2000).putInt(16, 0x0A000009)))
                .isNotEqualTo(slot(first));
    }

    @Test
    void dontFragmentIsNoFragment() {
        ByteBuffer packet = ipv4(6, 1, 2, PSH_ACK, 100);
        int slot = slot(packet);
        assertThat(slot(packet.putShort(6, (short) 0x4000))).isEqualTo(slot);
    }

    @Test
    void fragmentsOfABigPingStayInOrder() {
        assertThat(traffic(ipv4(1, 0, 0, 0, 50).putShort(6, (short) 0x2000))).isEqualTo(PacketParser.Traffic.ORDERED);
    }

    @Test
    void fragmentsOfAnIpv6PacketAreOneFlow() {
        ByteBuffer first = extended(ipv6(17, 1_000, 2_000, 0, 100), 44, 0x00000001, 17);
        ByteBuffer second = extended(ipv6(17, 7, 9, 0, 100), 44, 0x00000808, 17);
        assertThat(slot(first)).isEqualTo(slot(second));
        assertThat(traffic(second)).isEqualTo(PacketParser.Traffic.ORDERED);
        assertThat(slot(labelled(first, 5)))
                .isEqualTo(slot(labelled(second, 5)))
                .isNotEqualTo(slot(labelled(second, 6)));
    }

    @Test
    void fragmentThatIsTheWholePacketIsNone() {
        ByteBuffer plain = ipv6(6, 1, 2, PSH_ACK, 100);
        assertThat(slot(extended(plain, 44, 0, 6))).isEqualTo(slot(plain));
    }

    @Test
    void extensionHeadersArePassedOver() {
        ByteBuffer plain = ipv6(6, 1, 2, PSH_ACK, 100);
        for (int extension : new int[] {0, 43, 51, 60}) {
            assertThat(slot(extended(plain, extension, 0, 6)))
                    .as("%s", extension)
                    .isEqualTo(slot(plain));
        }
        ByteBuffer twice = extended(extended(plain, 60, 0, 6), 0, 0, 60);
        assertThat(slot(twice)).isEqualTo(slot(plain));
    }

    @Test
    void extensionHeadersWithoutEndAreAFlow() {
        ByteBuffer packet = ipv6(6, 1, 2, PSH_ACK, 100);
        for (int i = 0; i < 20; i++) {
            packet = extended(packet, 60, 0, packet.get(6));
        }
        assertThat(slot(packet)).isNotEqualTo(slot(ipv6(6, 1, 2, PSH_ACK, 100)));
        assertThat(traffic(packet)).isEqualTo(PacketParser.Traffic.ORDERED);
        ByteBuffer tooLong = extended(ipv6(6, 1, 2, PSH_ACK, 100), 60, 0, 6).put(41, (byte) 255);
        assertThat(traffic(tooLong)).isEqualTo(PacketParser.Traffic.ORDERED);
    }

    @Test
    void pingsAreToldApartAndErrorsDoNotQueueBehindThem() {
        ByteBuffer ping = ipv4(1, 0x0800, 0, 0, 50).putShort(24, (short) 7);
        ByteBuffer again = ipv4(1, 0x0800, 0, 0, 50).putShort(24, (short) 7).putShort(26, (short) 3);
        ByteBuffer other = ipv4(1, 0x0800, 0, 0, 50).putShort(24, (short) 8);
        ByteBuffer tooBig = ipv4(1, 0x0304, 0, 0, 50).putShort(24, (short) 7);
        assertThat(slot(ping)).isEqualTo(slot(again)).isNotEqualTo(slot(other)).isNotEqualTo(slot(tooBig));
        assertThat(traffic(tooBig)).isEqualTo(PacketParser.Traffic.UNORDERED);
        ByteBuffer ping6 = ipv6(58, 0x8000, 0, 0, 50).putShort(44, (short) 7);
        ByteBuffer tooBig6 = ipv6(58, 0x0200, 0, 0, 50).putShort(44, (short) 7);
        assertThat(slot(ping6)).isNotEqualTo(slot(tooBig6));
        assertThat(traffic(tooBig6)).isEqualTo(PacketParser.Traffic.UNORDERED);
    }

    @Test
    void unknownProtocolsAreFlowsByAddressesAndLabel() {
        assertThat(slot(ipv4(47, 1, 2, 0, 100))).as("GRE").isEqualTo(slot(ipv4(47, 3, 4, 0, 100)));
        assertThat(traffic(ipv4(47, 1, 2, 0, 100))).isEqualTo(PacketParser.Traffic.ORDERED);
        ByteBuffer packet = ipv6(47, 1, 2, 0, 100);
        assertThat(slot(labelled(packet, 1))).isNotEqualTo(slot(labelled(packet, 2)));
        ByteBuffer tcp = ipv6(6, 1, 2, PSH_ACK, 100);
        assertThat(slot(labelled(tcp, 1))).as("has ports").isEqualTo(slot(labelled(tcp, 2)));
    }

    @Test
    void otherProtocolsWithPortsOrAssociationsAreToldApart() {
        for (int protocol : new int[] {33, 50, 132, 136}) {
            assertThat(slot(ipv4(protocol, 1, 2, 0, 100)))
                    .as("%s", protocol)
                    .isNotEqualTo(slot(ipv4(protocol, 1, 3, 0, 100)));
        }
        assertThat(traffic(ipv4(136, 1, 53, 0, 100))).isEqualTo(PacketParser.Traffic.DATAGRAMS);
        assertThat(traffic(ipv4(50, 1, 2, 0, 100))).isEqualTo(PacketParser.Traffic.ORDERED);
    }

    @Test
    void headerThatIsTooShortIsReadAsTheShortestOne() {
        ByteBuffer packet = ipv4(6, 1, 2, PSH_ACK, 100);
        int slot = slot(packet);
        assertThat(slot(packet.put(0, (byte) 0x41))).isEqualTo(slot);
    }

    @Test
    void anyBytesAreAFlow() {
        Seeds.forEach(20, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < 5_000; i++) {
                byte[] bytes = new byte[1 + random.nextInt(80)];
                random.nextBytes(bytes);
                bytes[0] = (byte) (random.nextBoolean() ? 0x40 | random.nextInt(16) : 0x60);
                parser.parse(ByteBuffer.wrap(bytes));
                assertThat(parser.slot()).isBetween(0, ChunkLayout.BEST_EFFORT_SLOTS - 1);
                assertThat(parser.traffic()).isNotNull();
            }
        });
    }

    @Test
    void datagramsThatComeOftenAreNotSparse() {
        DatagramRates rates = new DatagramRates();
        long milli = FakePath.MILLI;
        for (int i = 0; i < 200; i++) {
            assertThat(rates.isSparse(1, 20L * i * milli)).as("voice").isTrue();
        }
        assertThat(rates.isSparse(2, 0)).isTrue();
        assertThat(rates.isSparse(2, milli)).as("burst").isFalse();
        for (int i = 0; i < 20; i++) {
            rates.isSparse(3, 6L * i * milli);
        }
        assertThat(rates.isSparse(3, 5_000 * milli)).as("was busy").isFalse();
        assertThat(rates.isSparse(3, 11_000 * milli)).isTrue();
    }

    private int slot(ByteBuffer packet) {
        parser.parse(packet);
        return parser.slot();
    }

    private PacketParser.Traffic traffic(ByteBuffer packet) {
        parser.parse(packet);
        return parser.traffic();
    }

    /** The packet with an extension header of eight bytes in front of what it has. */
    private static ByteBuffer extended(ByteBuffer plain, int extension, int fragmentWord, int next) {
        ByteBuffer packet = ByteBuffer.allocate(plain.remaining() + 8);
        packet.put(0, plain, 0, 40).put(6, (byte) extension).putShort(4, (short) (plain.getShort(4) + 8));
        packet.put(40, (byte) next).put(41, (byte) 0);
        packet.putShort(42, (short) fragmentWord);
        return packet.put(48, plain, 40, plain.remaining() - 40);
    }

    private static ByteBuffer labelled(ByteBuffer packet, int label) {
        return packet.putInt(0, 0x60000000 | label);
    }

    private static ByteBuffer ipv4(int protocol, int from, int to, int flags, int dataBytes) {
        ByteBuffer packet = ByteBuffer.allocate(40 + dataBytes);
        packet.put(0, (byte) 0x45).putShort(2, (short) packet.capacity()).put(9, (byte) protocol);
        packet.putInt(12, 0x0A000001).putInt(16, 0x0A000002);
        return transport(packet, 20, from, to, flags);
    }

    private static ByteBuffer ipv6(int protocol, int from, int to, int flags, int dataBytes) {
        ByteBuffer packet = ByteBuffer.allocate(60 + dataBytes);
        packet.put(0, (byte) 0x60).putShort(4, (short) (packet.capacity() - 40)).put(6, (byte) protocol);
        packet.putInt(8, 0x20010DB8).putInt(24, 0x20010DB8).putInt(36, 1);
        return transport(packet, 40, from, to, flags);
    }

    private static ByteBuffer transport(ByteBuffer packet, int at, int from, int to, int flags) {
        packet.putShort(at, (short) from).putShort(at + 2, (short) to);
        return packet.put(at + 12, (byte) 0x50).put(at + 13, (byte) flags);
    }
}
