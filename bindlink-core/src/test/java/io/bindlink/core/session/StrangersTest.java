package io.bindlink.core.session;

import static io.bindlink.core.session.NodePair.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.base.Seeds;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StrangersTest {
    private static final int LINK_ID_OFFSET = 5; // docs/wire.md, TRANSPORT
    private static final InetSocketAddress STRANGER = new InetSocketAddress("10.66.0.1", 666);

    @Test
    void noiseAndMutatedDatagramsChangeNothing() {
        Seeds.forEach(3, seed -> {
            NodePair pair = new NodePair(seed);
            NodePair.End slave = pair.slave(1, 7);
            slave.link(1);
            slave.link(2);
            pair.runFor(SECOND);
            SplittableRandom random = new SplittableRandom(seed);
            List<byte[]> recorded = new ArrayList<>(pair.seen);
            for (int i = 0; i < 2_000; i++) {
                byte[] bytes = i % 2 == 0 ? noise(random) : mutated(recorded, random);
                InetSocketAddress source = i % 3 == 0 ? slave.addressOfLink[1] : STRANGER;
                pair.inject(pair.master, NodePair.MASTER_SOCKET, source, bytes);
                pair.inject(slave, slave.socketOfLink[1], pair.masterAddress, bytes);
                if (i % 50 == 0) {
                    pair.runFor(SECOND / 50);
                }
            }
            slave.submit("up");
            pair.master.submit("down");
            pair.runFor(SECOND);
            assertThat(pair.master.delivered).containsExactly("up");
            assertThat(slave.delivered).containsExactly("down");
            assertThat(pair.master.node.stats().links()).hasSize(2);
            assertThat(pair.master.counter("addresses_learnt")).isZero();
            assertThat(pair.master.counter("dropped_authentication")
                            + pair.master.counter("dropped_receiver")
                            + pair.master.counter("dropped_short"))
                    .isPositive();
        });
    }

    @Test
    void recordedDatagramsFromAnotherAddressMoveNoLink() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        slave.link(1);
        pair.runFor(SECOND);
        for (byte[] bytes : new ArrayList<>(pair.seen)) {
            pair.inject(pair.master, NodePair.MASTER_SOCKET, STRANGER, bytes);
        }
        slave.submit("up");
        pair.runFor(SECOND);
        pair.master.submit("down");
        pair.runFor(SECOND);
        assertThat(pair.master.delivered).containsExactly("up");
        assertThat(slave.delivered).containsExactly("down");
        assertThat(pair.master.counter("dropped_replay")).isPositive();
        assertThat(pair.master.counter("addresses_learnt")).isZero();
    }

    @Test
    void linkIdsThatNobodyGaveHurtNobody() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        slave.link(1);
        pair.runFor(SECOND);
        pair.filter = (from, linkId, bytes) -> {
            for (int id = 0; id < 256; id++) {
                byte[] elsewhere = bytes.clone();
                elsewhere[LINK_ID_OFFSET] = (byte) id;
                if (id == linkId) {
                    continue;
                }
                if (from == slave) {
                    pair.inject(pair.master, NodePair.MASTER_SOCKET, slave.addressOfLink[1], elsewhere);
                } else {
                    pair.inject(slave, slave.socketOfLink[1], pair.masterAddress, elsewhere);
                }
            }
            return true;
        };
        slave.submit("up");
        pair.master.submit("down");
        pair.runFor(SECOND);
        assertThat(pair.master.delivered).containsExactly("up");
        assertThat(slave.delivered).containsExactly("down");
        for (NodePair.End end : pair.ends) {
            assertThat(end.counter("dropped_malformed") + end.counter("dropped_authentication"))
                    .isGreaterThan(254);
            assertThat(end.node.stats().links()).hasSize(1);
            assertThat(end.sessionsStarted).isEqualTo(1);
        }
    }

    @Test
    void forgedDatagramDoesNotCostTheGenuineOne() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        slave.link(1);
        pair.runFor(SECOND);
        pair.filter = (from, linkId, bytes) -> {
            if (from == slave) {
                byte[] forged = bytes.clone();
                forged[forged.length - 1] ^= 1;
                pair.inject(pair.master, NodePair.MASTER_SOCKET, slave.addressOfLink[1], forged);
            }
            return true;
        };
        slave.submit("genuine");
        pair.runFor(SECOND);
        assertThat(pair.master.delivered).containsExactly("genuine");
        assertThat(pair.master.counter("dropped_authentication")).isPositive();
    }

    @Test
    void noAnswerToAStrangerIsLongerThanWhatItAnswers() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        slave.link(1);
        pair.runFor(SECOND / 4);
        List<byte[]> hellos = new ArrayList<>(pair.seen);
        hellos.removeIf(bytes -> (bytes[0] >>> 2 & 7) != 1);
        int before = pair.seen.size();
        for (int i = 0; i < 100; i++) {
            pair.inject(pair.master, NodePair.MASTER_SOCKET, STRANGER, hellos.get(0));
        }
        pair.runFor(1);
        List<byte[]> answers = pair.seen.subList(before, pair.seen.size());
        assertThat(answers).allMatch(bytes -> bytes.length <= hellos.get(0).length);
    }

    private static byte[] noise(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(400)];
        random.nextBytes(bytes);
        if (bytes.length > 0 && random.nextBoolean()) {
            bytes[0] = (byte) (1 << 5 | random.nextInt(5) << 2);
        }
        return bytes;
    }

    private static byte[] mutated(List<byte[]> recorded, SplittableRandom random) {
        byte[] bytes = recorded.get(random.nextInt(recorded.size())).clone();
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        return bytes;
    }
}
