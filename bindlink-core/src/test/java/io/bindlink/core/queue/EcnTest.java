package io.bindlink.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.base.Seeds;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EcnTest {
    /** A common example of an IPv4 header; its checksum is b861. */
    private static final String HEADER = "450000730000400040 11 b861 c0a80001 c0a800c7";

    @Test
    void ipv4IsMarkedAndItsChecksumMended() {
        ByteBuffer packet = bytes(HEADER.replace("4500", "4502").replace("b861", "b85f")); // ECT(0)
        assertThat(Ecn.mark(packet)).isTrue();
        assertThat(packet).isEqualTo(bytes(HEADER.replace("4500", "4503").replace("b861", "b85e")));
        packet = bytes(HEADER.replace("4500", "45b9").replace("b861", "b7a8")); // EF, ECT(1)
        assertThat(Ecn.mark(packet)).isTrue();
        assertThat(packet).isEqualTo(bytes(HEADER.replace("4500", "45bb").replace("b861", "b7a6")));
    }

    @Test
    void packetThatIsMarkedAlreadyStaysAsItIs() {
        ByteBuffer packet = bytes(HEADER.replace("4500", "4503").replace("b861", "b85e"));
        ByteBuffer before = bytes(HEADER.replace("4500", "4503").replace("b861", "b85e"));
        assertThat(Ecn.mark(packet)).isTrue();
        assertThat(packet).isEqualTo(before);
    }

    @Test
    void senderThatDoesNotUnderstandMarksGetsNone() {
        ByteBuffer packet = bytes(HEADER);
        assertThat(Ecn.mark(packet)).isFalse();
        assertThat(packet).isEqualTo(bytes(HEADER));
        ByteBuffer six = ipv6(0xB8, 0xFFFFF);
        assertThat(Ecn.mark(six)).isFalse();
        assertThat(six).isEqualTo(ipv6(0xB8, 0xFFFFF));
    }

    @Test
    void ipv6IsMarkedInItsTrafficClass() {
        for (int ect = 1; ect <= 3; ect++) {
            ByteBuffer packet = ipv6(0xB8 | ect, 0xABCDE);
            assertThat(Ecn.mark(packet)).isTrue();
            assertThat(packet).isEqualTo(ipv6(0xBB, 0xABCDE));
        }
    }

    @Test
    void whatIsNoIpPacketIsLeftAlone() {
        for (String hex :
                new String[] {"", "45", "4503", "60ff", "ff".repeat(60), "53".repeat(60), "6fff" + "00".repeat(37)}) {
            ByteBuffer packet = bytes(hex);
            assertThat(Ecn.mark(packet)).as("%s", hex).isFalse();
            assertThat(packet).isEqualTo(bytes(hex));
        }
    }

    @Test
    void checksumIsRightWhateverTheHeader() {
        Seeds.forEach(20, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < 500; i++) {
                byte[] bytes = new byte[3 + 24];
                random.nextBytes(bytes);
                ByteBuffer packet = ByteBuffer.wrap(bytes).position(3).slice(); // not at the array's beginning
                packet.put(0, (byte) 0x45).put(1, (byte) (packet.get(1) | 1 << random.nextInt(2)));
                packet.putShort(10, (short) 0);
                packet.putShort(10, (short) (~sum(packet) & 0xFFFF));
                assertThat(Ecn.mark(packet)).isTrue();
                assertThat(packet.get(1) & 3).isEqualTo(3);
                assertThat(sum(packet)).isEqualTo(0xFFFF);
            }
        });
    }

    private static int sum(ByteBuffer packet) {
        int sum = 0;
        for (int i = 0; i < 20; i += 2) {
            sum += Short.toUnsignedInt(packet.getShort(i));
        }
        sum = (sum & 0xFFFF) + (sum >>> 16);
        return (sum & 0xFFFF) + (sum >>> 16);
    }

    private static ByteBuffer ipv6(int trafficClass, int label) {
        return ByteBuffer.allocate(48).putInt(0, 6 << 28 | trafficClass << 20 | label);
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }
}
