package io.bindlink.core.session;

import static io.bindlink.core.session.NodePair.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.ControlPacket;
import io.bindlink.api.Event;
import io.bindlink.api.LinkId;
import io.bindlink.core.crypto.PresharedSecret;
import io.bindlink.core.crypto.Suite;
import io.bindlink.core.wire.Capabilities;
import io.bindlink.core.wire.Cookie;
import io.bindlink.core.wire.FrameWriter;
import io.bindlink.core.wire.Hello;
import io.bindlink.core.wire.Unsupported;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nodes against a peer that shares nothing with them but {@code docs/wire.md}, and says more than they know. */
class ForeignPeerTest {
    private static final int[] UNKNOWN_CAPABILITIES = {0x55, 3, 0xAA, 0xBB, 0xCC, 0x7F, 0};
    private static final int[] UNKNOWN_CRITICAL = {0x93, 1, 0};
    private static final String REFUSAL = "the peer demands capability 19, which this version does not know";
    private static final byte[] UNKNOWN_EMPTY_FRAME = {0x40, 0, 0};
    private static final byte[] UNKNOWN_FRAME = {(byte) 0xFF, 0, 2, 1, 1};
    private static final byte[] PADDING_FRAME = {0};
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("10.66.0.1", 666);

    @ParameterizedTest
    @EnumSource
    void slaveThatSaysMoreThanIsKnownIsServed(Suite suite) {
        NodePair pair = new NodePair(1);
        ForeignPeer slave = new ForeignPeer(pair, pair.master, suite);
        connect(slave, slave.hello(null, slave.capabilities(UNKNOWN_CAPABILITIES)));
        slave.sendFrames(UNKNOWN_EMPTY_FRAME, UNKNOWN_FRAME, ForeignPeer.payload("up"));
        slave.runFor(SECOND);
        assertThat(pair.master.delivered).containsExactly("up");
        assertThat(pair.master.counter("unknown_capabilities")).isEqualTo(2);
        assertThat(pair.master.counter("unknown_frames")).isEqualTo(2);
        assertThat(pair.master.counter("dropped_malformed")).isZero();
        assertThat(slave.ackedLargest).as("unknown frames are acknowledged").isNotEmpty();

        pair.master.submit("down");
        slave.runFor(SECOND / 10);
        assertThat(slave.payloads).containsExactly("down");
    }

    @ParameterizedTest
    @EnumSource
    void masterThatSaysMoreThanIsKnownIsServed(Suite suite) {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7, config -> withSuite(config, suite));
        ForeignPeer master = masterOf(pair, slave, suite);
        master.send(master.reply(master.hellos.get(0), master.capabilities(UNKNOWN_CAPABILITIES)));
        master.runFor(SECOND / 10);
        assertThat(slave.sessionsStarted).isEqualTo(1);

        master.sendFrames(UNKNOWN_FRAME, ForeignPeer.payload("down"));
        master.runFor(SECOND / 10);
        assertThat(slave.delivered).containsExactly("down");
        assertThat(slave.counter("unknown_capabilities")).isEqualTo(2);
        assertThat(slave.counter("unknown_frames")).isEqualTo(1);
        slave.submit("up");
        master.runFor(SECOND / 10);
        assertThat(master.payloads).containsExactly("up");
    }

    @Test
    void slaveThatDemandsWhatIsNotKnownIsRefusedInOneClearLine() {
        NodePair pair = new NodePair(1);
        ForeignPeer slave = new ForeignPeer(pair, pair.master, Suite.AES_256_GCM);
        for (int i = 0; i < 3; i++) {
            slave.send(slave.hello(null, slave.capabilities(UNKNOWN_CRITICAL)));
            slave.runFor(SECOND / 10);
        }
        assertThat(slave.replies)
                .hasSize(3)
                .containsOnly(new Capabilities.Refusal(Capabilities.Refusal.VERSION, REFUSAL));
        assertThat(pair.master.events).containsExactly(new Event.Refused(REFUSAL));
        assertThat(pair.master.counter("handshakes_refused")).isEqualTo(3);
    }

    @Test
    void masterThatDemandsWhatIsNotKnownIsGivenUpInOneClearLine() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        ForeignPeer master = masterOf(pair, slave, Suite.AES_256_GCM);
        master.send(master.reply(master.hellos.get(0), master.capabilities(UNKNOWN_CRITICAL)));
        master.runFor(SECOND / 10);
        assertThat(slave.events).containsExactly(new Event.Refused(REFUSAL));
        assertThat(slave.sessionsStarted).isZero();
    }

    @Test
    void helloOfAnotherVersionIsToldWhichAreSpoken() {
        NodePair pair = new NodePair(1);
        ForeignPeer slave = new ForeignPeer(pair, pair.master, Suite.AES_256_GCM);
        byte[] hello = slave.hello(null, slave.capabilities());
        hello[0] = 2 << 5 | 1 << 2;
        hello[3] = 2;
        hello[4] = 3;
        slave.send(hello);
        slave.runFor(SECOND / 10);
        assertThat(slave.unsupported).hasSize(1);
        assertThat(Unsupported.parse(ByteBuffer.wrap(slave.unsupported.get(0)))).isEqualTo(new Unsupported(101, 1, 1));
        assertThat(pair.master.counter("dropped_version")).isEqualTo(1);

        hello[5] ^= 1; // a key that is not the master's
        slave.send(hello);
        slave.runFor(SECOND / 10);
        assertThat(slave.unsupported).as("strangers are told nothing").hasSize(1);
    }

    @Test
    void whatFollowsTheNoiseMessageOfAHelloDoesNotMatter() {
        NodePair pair = new NodePair(1);
        ForeignPeer slave = new ForeignPeer(pair, pair.master, Suite.AES_256_GCM);
        byte[] hello = slave.hello(null, slave.capabilities());
        int noiseEnd = Hello.CLEAR_BYTES + (hello[33] << 8 | hello[34] & 0xFF);
        byte[] longer = Arrays.copyOf(hello, 1_000);
        Arrays.fill(longer, noiseEnd, longer.length, (byte) 0x77);
        connect(slave, longer);
        slave.sendFrames(ForeignPeer.payload("up"));
        slave.runFor(SECOND / 10);
        assertThat(pair.master.delivered).containsExactly("up");
    }

    @Test
    void moreThanTenHellosASecondMustProveTheirAddress() {
        NodePair pair = new NodePair(1);
        ForeignPeer slave = new ForeignPeer(pair, pair.master, Suite.AES_256_GCM);
        for (int i = 0; i < 10; i++) {
            slave.send(slave.hello(null, slave.capabilities()));
            slave.runFor(SECOND / 1_000);
        }
        assertThat(slave.replies).hasSize(10);
        assertThat(slave.cookies).isEmpty();

        byte[] eleventh = slave.hello(null, slave.capabilities());
        slave.send(eleventh);
        slave.runFor(SECOND / 1_000);
        assertThat(slave.replies).hasSize(10);
        assertThat(slave.cookies).hasSize(1);
        Cookie cookie = slave.cookies.get(0);
        Hello asked = Objects.requireNonNull(Hello.parse(ByteBuffer.wrap(eleventh)));
        assertThat(cookie.receiver()).isEqualTo(asked.sender());
        assertThat(PresharedSecret.of(new byte[32])
                        .validCookieMac(cookie.mac(), cookie.clearBytes(), asked.ephemeral()))
                .isTrue();

        InetSocketAddress home = slave.address;
        slave.address = ELSEWHERE;
        slave.send(slave.hello(cookie.cookie(), slave.capabilities()));
        slave.runFor(SECOND / 1_000);
        assertThat(slave.replies).as("the cookie is bound to an address").hasSize(10);
        assertThat(slave.cookies).hasSize(2);

        slave.address = new InetSocketAddress(home.getAddress(), home.getPort() + 1);
        slave.send(slave.hello(cookie.cookie(), slave.capabilities()));
        slave.runFor(SECOND / 1_000);
        assertThat(slave.replies).as("and to a port").hasSize(10);

        slave.address = home;
        slave.send(slave.hello(cookie.cookie(), slave.capabilities()));
        slave.runFor(SECOND / 1_000);
        assertThat(slave.replies).hasSize(11);
        slave.sendFrames(ForeignPeer.payload("up"));
        slave.runFor(SECOND / 10);
        assertThat(pair.master.delivered).containsExactly("up");
    }

    @Test
    void slaveTakesNoCookieFromAStranger() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        ForeignPeer master = masterOf(pair, slave, Suite.AES_256_GCM);
        Hello first = master.hellos.get(0);
        byte[] clear = Cookie.clear(first.sender(), new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
        byte[] mac = PresharedSecret.of(new byte[32]).cookieMac(clear, first.ephemeral());
        byte[] forged = mac.clone();
        forged[15] ^= 1;

        master.send(bytes(new Cookie(clear, forged)));
        master.runFor(SECOND / 10);
        assertThat(slave.counter("dropped_authentication")).isEqualTo(1);
        assertThat(master.hellos).noneMatch(Hello::hasCookie);

        master.send(bytes(new Cookie(clear, mac)));
        master.runFor(SECOND / 10);
        Hello second = master.hellos.get(master.hellos.size() - 1);
        assertThat(second.cookie()).isEqualTo(Arrays.copyOfRange(clear, 5, 21));
        assertThat(second.ephemeral()).isNotEqualTo(first.ephemeral());
        master.send(master.reply(second, master.capabilities()));
        master.runFor(SECOND / 10);
        assertThat(slave.sessionsStarted).isEqualTo(1);
    }

    @Test
    void forgedReplyDoesNotCostTheGenuineOne() {
        NodePair pair = new NodePair(1);
        NodePair.End slave = pair.slave(1, 7);
        ForeignPeer master = masterOf(pair, slave, Suite.AES_256_GCM);
        byte[] genuine = master.reply(master.hellos.get(0), master.capabilities());
        for (int i = 5; i < genuine.length; i += 7) {
            byte[] forged = genuine.clone();
            forged[i] ^= 1;
            master.send(forged);
        }
        master.runFor(SECOND / 100);
        assertThat(slave.sessionsStarted).isZero();
        master.send(genuine);
        master.runFor(SECOND / 100);
        assertThat(slave.sessionsStarted).isEqualTo(1);
    }

    @Test
    void olderReportDoesNotReplaceNewerOne() {
        NodePair pair = new NodePair(1);
        ForeignPeer slave = new ForeignPeer(pair, pair.master, Suite.AES_256_GCM);
        connect(slave, slave.hello(null, slave.capabilities()));
        slave.sendFrames(report(5, 500));
        slave.runFor(SECOND / 10);
        slave.sendFrames(report(3, 300));
        slave.sendFrames(report(5, 500));
        slave.runFor(SECOND / 10);
        assertThat(pair.master.multiplexer().reports)
                .extracting(ControlPacket::sequence)
                .containsExactly(5L);
        assertThat(pair.master.node.stats().links().get(0).peerReceivedPackets())
                .isEqualTo(500);
        slave.sendFrames(report(6, 600));
        slave.runFor(SECOND / 10);
        assertThat(pair.master.node.stats().links().get(0).peerReceivedPackets())
                .isEqualTo(600);
    }

    private static byte[] report(long sequence, long packets) {
        ByteBuffer out = ByteBuffer.allocate(100);
        Map.Entry<LinkId, ControlPacket.Received> counts =
                Map.entry(new LinkId(ForeignPeer.LINK), new ControlPacket.Received(packets, 100 * packets));
        FrameWriter.control(out, sequence, List.of(counts), 0, ByteBuffer.allocate(0));
        return Arrays.copyOf(out.array(), out.position());
    }

    @Test
    void packetNumbersCross32Bits() {
        NodePair pair = new NodePair(1);
        ForeignPeer slave = new ForeignPeer(pair, pair.master, Suite.AES_256_GCM);
        connect(slave, slave.hello(null, slave.capabilities()));
        slave.sendFrames(ForeignPeer.payload("first"));
        slave.runFor(SECOND / 10);
        slave.sendFrames(1L << 31, ForeignPeer.payload("as far ahead as can be"));
        slave.runFor(SECOND / 10);
        long wrap = 1L << 32;
        slave.sendFrames(wrap - 3, ForeignPeer.payload("-3"));
        byte[] late = slave.sealed(wrap - 2, ForeignPeer.payload("-2"));
        byte[] replayed = slave.sealed(wrap - 1, ForeignPeer.payload("-1"));
        slave.send(replayed);
        slave.sendFrames(wrap, ForeignPeer.payload("0"));
        slave.sendFrames(wrap + 1, ForeignPeer.payload("1"));
        slave.send(late);
        slave.send(replayed);
        slave.runFor(SECOND / 10);
        assertThat(pair.master.delivered)
                .containsExactly("first", "as far ahead as can be", "-3", "-1", "0", "1", "-2");
        assertThat(pair.master.counter("dropped_replay")).isEqualTo(1);
        assertThat(slave.ackedLargest.get(slave.ackedLargest.size() - 1)).isLessThan(100);

        pair.master.submit("down");
        slave.runFor(SECOND / 10);
        assertThat(slave.payloads).containsExactly("down");
        assertThat(pair.master.sessionsStarted).isEqualTo(1);
    }

    /** Makes a session with the master node and lets its link come up. */
    private static void connect(ForeignPeer slave, byte[] hello) {
        slave.send(hello);
        slave.runFor(SECOND / 10);
        assertThat(slave.replies).hasSize(1).allMatch(reply -> reply instanceof Capabilities.Parsed);
        slave.sendFrames(PADDING_FRAME); // the master's session begins with the first datagram under its keys
        slave.runFor(SECOND / 10);
    }

    /** Takes the master's place: all that the slave sends goes to the foreign peer alone. */
    private static ForeignPeer masterOf(NodePair pair, NodePair.End slave, Suite suite) {
        pair.filter = (from, linkId, bytes) -> false;
        slave.link(ForeignPeer.LINK);
        ForeignPeer master = new ForeignPeer(pair, slave, suite);
        master.runFor(SECOND / 100);
        master.socket = slave.socketOfLink[ForeignPeer.LINK];
        master.address = pair.masterAddress;
        assertThat(master.hellos).isNotEmpty();
        return master;
    }

    private static byte[] bytes(Cookie cookie) {
        ByteBuffer out = ByteBuffer.allocate(Cookie.DATAGRAM_BYTES);
        cookie.write(out);
        return out.array();
    }

    private static NodeConfig withSuite(NodeConfig c, Suite suite) {
        return new NodeConfig(
                c.role(),
                c.secret(),
                List.of(suite),
                c.instanceId(),
                c.tunKind(),
                c.offload(),
                c.multiplexerName(),
                c.multiplexerVersion(),
                c.multiplexer(),
                c.scheduler(),
                c.congestionControl(),
                c.bufferBytes(),
                c.rekeyNanos(),
                c.sessionTimeoutNanos());
    }
}
