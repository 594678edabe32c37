package io.bindlink.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.LinkUri;
import io.bindlink.core.link.Transmit;
import io.bindlink.core.link.TransmitPool;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DialerTest {
    private static final int WAIT_MILLIS = 5_000;

    private final IoCounters counters = new IoCounters();
    private final TransmitPool transmits = new TransmitPool();
    private FakeSocksServer proxy;
    private DatagramSocket master;
    private Dialer dialer;

    @BeforeEach
    void open() throws Exception {
        open(InetAddress.getByName("127.0.0.1"));
    }

    private void open(InetAddress address) throws Exception {
        proxy = new FakeSocksServer(address);
        master = new DatagramSocket(0, address);
        master.setSoTimeout(WAIT_MILLIS);
        dialer = new Dialer(
                new HostPort(address.getHostAddress(), master.getLocalPort()), UdpSockets.portable(), counters);
    }

    @AfterEach
    void close() throws Exception {
        proxy.close();
        master.close();
        dialer.close();
        assertThat(transmits.out()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aDatagramGoesThroughTheProxyAndBack(String address) throws Exception {
        close();
        open(InetAddress.getByName(address));
        try (UdpNodeSocket socket = (UdpNodeSocket) dial().socket()) {
            exchange(socket);
        }
    }

    @Test
    void datagramsThatWaitTogetherAreTakenApart() throws Exception {
        try (UdpNodeSocket socket = (UdpNodeSocket) dial().socket()) {
            DatagramPacket sent = send(socket, "ping");
            Inbound inbound = new Inbound();
            List<String> received = new ArrayList<>();
            for (String text : List.of("one", "two", "three")) {
                reply(sent, text);
                awaitReadable(socket);
                assertThat(socket.receive(inbound)).isTrue();
            }
            for (int i = 0; i < inbound.count(); i++) {
                received.add(StandardCharsets.UTF_8.decode(inbound.datagram(i)).toString());
            }
            assertThat(received).containsExactly("one", "two", "three");
        }
    }

    @Test
    void theRequestDoesNotTellAnAddress() throws Exception {
        dial().socket().close();
        assertThat(HexFormat.of().formatHex(proxy.requests().take())).isEqualTo("05030001000000000000");
    }

    @Test
    void aStrictProxyIsToldTheTrueAddressAndThatIsRemembered() throws Exception {
        proxy.replyToUntold = 2;
        for (int dials = 0; dials < 2; dials++) {
            try (UdpNodeSocket socket = (UdpNodeSocket) dial().socket()) {
                InetSocketAddress local = (InetSocketAddress) socket.channel().getLocalAddress();
                byte[] request = proxy.requests().take();
                if (dials == 0) {
                    assertThat(request).containsExactly(5, 3, 0, 1, 0, 0, 0, 0, 0, 0);
                    request = proxy.requests().take();
                }
                assertThat(request)
                        .isEqualTo(ByteBuffer.allocate(10)
                                .put(new byte[] {5, 3, 0, 1, 127, 0, 0, 1})
                                .putShort((short) local.getPort())
                                .array());
                exchange(socket);
            }
        }
        assertThat(proxy.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | failed to set up a UDP relay (SOCKS reply 1, general server failure)",
                "2 | does not allow UDP for us (SOCKS reply 2, not allowed by its rules)",
                "3 | has no network (SOCKS reply 3, network unreachable)",
                "4 | reaches no host (SOCKS reply 4, host unreachable)",
                "5 | was refused (SOCKS reply 5, connection refused)",
                "6 | ran out of time (SOCKS reply 6, TTL expired)",
                "7 | does not support UDP (SOCKS reply 7, command not supported)",
                "8 | does not take our kind of address (SOCKS reply 8, address type not supported)",
            })
    void aRefusalIsOneLineWithTheProxysName(int reply, String line) {
        proxy.reply = reply;
        assertThatThrownBy(this::dial)
                .isInstanceOf(IOException.class)
                .hasMessage("proxy 127.0.0.1:" + proxy.port() + " " + line);
    }

    @Test
    void aProxyThatClosesAtOnceIsNamed() {
        proxy.closesAtOnce = true;
        assertThatThrownBy(this::dial)
                .hasMessage("proxy 127.0.0.1:" + proxy.port() + " closed the connection during the SOCKS handshake");
    }

    @Test
    void whatIsNotSocksIsNamed() {
        proxy.babble = "HTTP/1.1 400 Bad Request\r\n".getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(this::dial)
                .hasMessage("proxy 127.0.0.1:" + proxy.port() + " does not speak SOCKS5 (its first byte is 72)");
    }

    @Test
    void nobodyAtTheProxysPortIsNamed() throws Exception {
        int port = portNobodyListensAt();
        assertThatThrownBy(() -> dialer.dial(LinkUri.socks5("127.0.0.1", port)))
                .hasMessage("proxy 127.0.0.1:" + port + " cannot be reached: Connection refused");
    }

    /** A port that was free a moment ago. A server that is closed while it accepts may still accept once more. */
    private static int portNobodyListensAt() throws IOException {
        try (ServerSocket briefly = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return briefly.getLocalPort();
        }
    }

    @Test
    void closingBreaksOffADialThatWaits() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            Thread closer = new Thread(() -> {
                try {
                    silent.accept();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                dialer.close();
            });
            closer.start();
            assertThatThrownBy(() -> dialer.dial(LinkUri.socks5("127.0.0.1", silent.getLocalPort())))
                    .isInstanceOf(IOException.class);
            closer.join();
        }
    }

    @Test
    void aReplyInSmallPiecesIsReadWhole() throws Exception {
        proxy.dribbles = true;
        try (UdpNodeSocket socket = (UdpNodeSocket) dial().socket()) {
            exchange(socket);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01 00000000",
                "03 09 6c6f63616c686f7374",
                "03 00",
                "03 07 302e302e302e30",
                "03 09 3132372e302e302e31"
            })
    void theRelayIsFoundWhateverTheReplyCallsIt(String bound) throws Exception {
        proxy.boundAddress = HexFormat.of().parseHex(bound.replace(" ", ""));
        try (UdpNodeSocket socket = (UdpNodeSocket) dial().socket()) {
            exchange(socket);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"01 c0000201 1194", "03 05 70686f6e65 1194", "04 20010db8000000000000000000000001 1194"})
    void whatComesBackMayNameAnybodyAsItsSource(String address) throws Exception {
        proxy.returnAddress = HexFormat.of().parseHex(address.replace(" ", ""));
        try (UdpNodeSocket socket = (UdpNodeSocket) dial().socket()) {
            exchange(socket);
        }
    }

    @Test
    void theRelayMayAnswerFromElsewhere() throws Exception {
        proxy.answersFromElsewhere = true;
        try (UdpNodeSocket socket = (UdpNodeSocket) dial().socket()) {
            InetSocketAddress source = exchange(socket);
            socket.handleAuthentic(source);
            exchange(socket);
        }
    }

    @Test
    void aRelayThatIsNotWhereTheProxySaysIsFoundAndRemembered() throws Exception {
        proxy.boundAddress = new byte[] {1, 127, 0, 0, 2}; // the proxy and its relay are at 127.0.0.1
        try (UdpNodeSocket socket = (UdpNodeSocket) dial().socket()) {
            master.setSoTimeout(100);
            DatagramPacket received = sendUntilHeard(socket);
            master.setSoTimeout(WAIT_MILLIS);
            reply(received, "pong");
            awaitReadable(socket);
            socket.handleAuthentic(Reception.receive(socket, Reception.buffer()));
        }
        try (UdpNodeSocket socket = (UdpNodeSocket) dial().socket()) {
            exchange(socket);
        }
    }

    private DatagramPacket sendUntilHeard(UdpNodeSocket socket) throws IOException {
        for (int i = 0; i < WAIT_MILLIS / 100; i++) {
            try {
                return send(socket, "ping");
            } catch (SocketTimeoutException e) {
                continue;
            }
        }
        throw new AssertionError("the other address was not tried");
    }

    @Test
    void fragmentsAreDroppedAndCounted() throws Exception {
        proxy.fragment = 1;
        try (UdpNodeSocket socket = (UdpNodeSocket) dial().socket()) {
            DatagramPacket sent = send(socket, "ping");
            reply(sent, "lost");
            awaitReadable(socket);
            assertThat(Reception.receive(socket, Reception.buffer())).isNull();
            assertThat(counters.socks.sum()).isEqualTo(1);
            proxy.fragment = 0;
            exchange(socket);
        }
    }

    @Test
    void emptyDatagramsAreDroppedAndCounted() throws Exception {
        try (UdpNodeSocket socket = (UdpNodeSocket) dial().socket();
                DatagramSocket stranger = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            sendTo(stranger, socket, new byte[0]);
            awaitReadable(socket);
            assertThat(Reception.receive(socket, Reception.buffer())).isNull();
            assertThat(counters.socks.sum()).isEqualTo(1);
        }
    }

    @Test
    void aStrangerIsHeardOnlyUntilTheFirstAuthenticDatagram() throws Exception {
        byte[] forged = HexFormat.of().parseHex("00000001c00002011194" + "aabb");
        try (UdpNodeSocket socket = (UdpNodeSocket) dial().socket();
                DatagramSocket stranger = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            sendTo(stranger, socket, forged);
            ByteBuffer into = Reception.buffer();
            awaitReadable(socket);
            assertThat(Reception.receive(socket, into))
                    .isEqualTo(stranger.getLocalSocketAddress()); // the node will refuse it
            assertThat(into.remaining()).isEqualTo(2);
            socket.handleAuthentic(exchange(socket));
            sendTo(stranger, socket, forged);
            awaitReadable(socket);
            assertThat(Reception.receive(socket, into)).isNull();
            assertThat(counters.source.sum()).isEqualTo(1);
            exchange(socket);
        }
    }

    @Test
    void eachAssociationHasAnewPortOnTheConnectionsAddress() throws Exception {
        try (UdpNodeSocket first = (UdpNodeSocket) dial().socket();
                UdpNodeSocket second = (UdpNodeSocket) dial().socket()) {
            assertThat(first.channel().getLocalAddress())
                    .isNotEqualTo(second.channel().getLocalAddress());
            SocksLinkSocket socks = (SocksLinkSocket) first;
            assertThat(((InetSocketAddress) socks.control().getLocalAddress()).getAddress())
                    .isEqualTo(((InetSocketAddress) socks.channel().getLocalAddress()).getAddress());
            assertThat(socks.control().getOption(StandardSocketOptions.SO_KEEPALIVE))
                    .isTrue();
        }
    }

    @Test
    void theSourceAddressOfALinkIsThatOfBothItsSockets() throws Exception {
        LinkUri uri = LinkUri.parse("socks5://127.0.0.1:" + proxy.port() + "?from=127.0.0.9");
        try (UdpNodeSocket socket = (UdpNodeSocket) dialer.dial(uri).socket()) {
            SocksLinkSocket socks = (SocksLinkSocket) socket;
            assertThat(((InetSocketAddress) socks.control().getLocalAddress()).getHostString())
                    .isEqualTo("127.0.0.9");
            exchange(socket);
        }
    }

    @Test
    void theRightPasswordOpensAndAWrongOneIsNamed(@TempDir Path folder) throws Exception {
        proxy.password = "secret";
        Path file = Files.writeString(folder.resolve("password"), "secret\nsecond line\n");
        String plain = "socks5://user@127.0.0.1:" + proxy.port();
        dialer.dial(LinkUri.parse(plain).withPassword("secret")).socket().close();
        dialer.dial(LinkUri.parse(plain + "?password-file=" + file)).socket().close();
        assertThatThrownBy(() -> dialer.dial(LinkUri.parse(plain).withPassword("wrong")))
                .hasMessage("proxy 127.0.0.1:" + proxy.port() + " refused the user name or the password (status 1)");
        assertThatThrownBy(this::dial)
                .hasMessage("proxy 127.0.0.1:" + proxy.port() + " wants a user name and a password (SOCKS method 255)");
        assertThatThrownBy(() -> dialer.dial(LinkUri.parse(plain)))
                .hasMessage("user name without password; add ?password-file=FILE");
        assertThatThrownBy(() -> dialer.dial(LinkUri.parse(plain + "?password-file=" + folder.resolve("none"))))
                .hasMessage("password file " + folder.resolve("none") + " cannot be read");
        Files.writeString(file, "\n");
        assertThatThrownBy(() -> dialer.dial(LinkUri.parse(plain + "?password-file=" + file)))
                .hasMessage("password file " + file + ": its first line must have 1..255 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void plainUdpGoesStraight(String address) throws Exception {
        close();
        open(InetAddress.getByName(address));
        try (UdpNodeSocket socket = (UdpNodeSocket)
                dialer.dial(LinkUri.udp(address, master.getLocalPort())).socket()) {
            exchange(socket);
        }
    }

    @Test
    void nobodyThereYetDoesNotEndAUdpLink() throws Exception {
        int port = master.getLocalPort();
        master.close();
        try (UdpNodeSocket socket =
                (UdpNodeSocket) dialer.dial(LinkUri.udp("127.0.0.1", port)).socket()) {
            enqueue(socket, "refused by the system");
            socket.flush();
            awaitReadable(socket);
            assertThat(Reception.receive(socket, Reception.buffer())).isNull();
            master = new DatagramSocket(port, InetAddress.getByName("127.0.0.1"));
            master.setSoTimeout(WAIT_MILLIS);
            exchange(socket);
        }
    }

    @Test
    void largestDatagramLeavesRoomForTheProxysHeader() throws Exception {
        Dialed straight = dialer.dial(LinkUri.udp("127.0.0.1", master.getLocalPort()));
        straight.socket().close();
        assertThat(straight.maxDatagramBytes()).isEqualTo(Transmit.MAX_DATAGRAM_BYTES); // loopback carries more
        assertThat(Interfaces.maxDatagramBytes(InetAddress.getByName("192.0.2.1"), Socks5Datagram.IPV4_BYTES))
                .isEqualTo(1500 - 28 - 10);
        assertThat(Interfaces.maxDatagramBytes(InetAddress.getByName("2001:db8::1"), Socks5Datagram.IPV6_BYTES))
                .isEqualTo(1500 - 48 - 22);
    }

    @Test
    void interfacesAreChosenByName() throws Exception {
        LinkUri loopback = LinkUri.parse("udp://127.0.0.1:" + master.getLocalPort() + "?dev=lo");
        try (UdpNodeSocket socket = (UdpNodeSocket) dialer.dial(loopback).socket()) {
            exchange(socket);
        }
        assertThatThrownBy(() -> dialer.dial(LinkUri.parse("udp://127.0.0.1:9?dev=wwan7")))
                .hasMessageStartingWith("there is no interface wwan7 (there are ");
    }

    @Test
    void mistakenAddressesAreNamed() {
        assertThatThrownBy(() -> dialer.dial(LinkUri.parse("udp://127.0.0.1:9?from=192.0.2.77")))
                .hasMessage("cannot send from 192.0.2.77: Cannot assign requested address");
        assertThatThrownBy(() -> dialer.dial(LinkUri.parse("udp://127.0.0.1:9?from=2001:db8::1")))
                .hasMessage("127.0.0.1 has no address of the kind of 2001:db8:0:0:0:0:0:1");
        assertThatThrownBy(() -> dialer.dial(LinkUri.parse("udp://no-such-host.invalid:9")))
                .hasMessage("host no-such-host.invalid is not known to the name server");
    }

    private Dialed dial() throws IOException {
        return dialer.dial(LinkUri.socks5(master.getLocalAddress().getHostAddress(), proxy.port()));
    }

    /** Sends a datagram to the master and takes its answer; answers where that came from. */
    private InetSocketAddress exchange(UdpNodeSocket socket) throws IOException {
        DatagramPacket sent = send(socket, "ping");
        reply(sent, "pong");
        ByteBuffer into = Reception.buffer();
        awaitReadable(socket);
        InetSocketAddress source = Reception.receive(socket, into);
        assertThat(source).isNotNull();
        assertThat(Arrays.copyOfRange(into.array(), into.position(), into.limit()))
                .asString()
                .isEqualTo("pong");
        return source;
    }

    private DatagramPacket send(UdpNodeSocket socket, String text) throws IOException {
        enqueue(socket, text);
        socket.flush();
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        master.receive(packet);
        assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8))
                .isEqualTo(text);
        return packet;
    }

    private void reply(DatagramPacket to, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        master.send(new DatagramPacket(bytes, bytes.length, to.getSocketAddress()));
    }

    private void enqueue(UdpNodeSocket socket, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Transmit transmit = transmits.take();
        System.arraycopy(bytes, 0, transmit.bytes(), Transmit.HEADROOM_BYTES, bytes.length);
        transmit.address(socket.number(), null, bytes.length);
        socket.enqueue(transmit);
    }

    private static void sendTo(DatagramSocket from, UdpNodeSocket to, byte[] bytes) throws IOException {
        from.send(new DatagramPacket(bytes, bytes.length, to.channel().getLocalAddress()));
    }

    private static void awaitReadable(UdpNodeSocket socket) throws IOException {
        try (Selector selector = Selector.open()) {
            socket.channel().register(selector, SelectionKey.OP_READ);
            assertThat(selector.select(WAIT_MILLIS)).isEqualTo(1);
        }
    }
}
