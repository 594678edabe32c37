package io.bindlink.tun.jna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.spi.DatagramTooLargeException;
import io.bindlink.api.spi.UdpSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the kernel does for it. What any UDP socket must do is tested where all providers are together. */
@InPrivateNetwork
class JnaUdpSocketTest {
    private static final int SO_NO_CHECK = 11; // without a checksum there is no segmentation offload
    private static final long PATIENCE_MILLIS = 20_000;

    private final JnaUdpSocketProvider provider = new JnaUdpSocketProvider();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(UdpSocket.RECEIVE_BYTES);

    @Test
    void worksHere() {
        assertThat(provider.name()).isEqualTo("jna");
        assertThat(provider.unsupported()).isEmpty();
    }

    @Test
    void aTrainArrivesInOnePiece() throws IOException {
        try (DatagramChannel to = open("127.0.0.1");
                UdpSocket receiver = provider.attach(to);
                DatagramChannel from = open("127.0.0.1");
                UdpSocket sender = provider.attach(from)) {
            assertThat(sender.send(buffer.clear().limit(10_500), 1000, (InetSocketAddress) to.getLocalAddress()))
                    .isTrue();
            awaitReadable(to);
            assertThat(receiver.receive(buffer.clear())).isEqualTo(1000);
            assertThat(buffer.remaining()).isEqualTo(10_500);
        }
    }

    @Test
    void nothingIsFragmented() throws IOException {
        Machine.run("ip", "link", "set", "lo", "mtu", "1500");
        for (String host : new String[] {"127.0.0.1", "::1"}) {
            int headers = host.equals("::1") ? 48 : 28;
            try (DatagramChannel to = open(host);
                    DatagramChannel from = open(host);
                    UdpSocket sender = provider.attach(from)) {
                InetSocketAddress remote = (InetSocketAddress) to.getLocalAddress();
                int largest = 1500 - headers;
                assertThat(sender.send(buffer.clear().limit(largest), largest, remote))
                        .isTrue();
                assertThatThrownBy(() -> sender.send(buffer.clear().limit(largest + 1), largest + 1, remote))
                        .isInstanceOf(DatagramTooLargeException.class)
                        .hasMessage("a datagram of " + (largest + 1) + " bytes is larger than the way out takes");
                assertThatThrownBy(() -> sender.send(buffer.clear().limit(2 * largest + 2), largest + 1, remote))
                        .isInstanceOf(IOException.class);
                assertThat(sender.send(buffer.clear().limit(2 * largest), largest, remote))
                        .isTrue();
                assertThat(sender.maxTrainDatagrams()).isEqualTo(64);
            }
        }
    }

    @Test
    void whereTrainsAreRefusedNoMoreAreSent() throws IOException {
        try (DatagramChannel to = open("127.0.0.1");
                DatagramChannel from = open("127.0.0.1");
                UdpSocket sender = provider.attach(from)) {
            InetSocketAddress remote = (InetSocketAddress) to.getLocalAddress();
            int descriptor = new ChannelDescriptor(new SplittableRandom()).duplicate(from);
            assertThat(new SocketOptions().set(descriptor, SocketOptions.SOL_SOCKET, SO_NO_CHECK, 1))
                    .isZero();
            assertThat(Libc.close(descriptor)).isZero();
            for (int i = 0; i < 3; i++) {
                assertThat(sender.maxTrainDatagrams()).isEqualTo(64);
                assertThatThrownBy(() -> sender.send(buffer.clear().limit(2000), 1000, remote))
                        .hasMessage("a train of datagrams: Invalid argument");
            }
            assertThat(sender.maxTrainDatagrams()).isEqualTo(1);
            assertThat(sender.send(buffer.clear().limit(1000), 1000, remote)).isTrue();
        }
    }

    @Test
    void aChannelIsTiedToAnInterface() throws IOException {
        Machine.run("ip", "link", "add", "other", "type", "veth", "peer", "name", "peer");
        Machine.run("ip", "link", "set", "other", "up");
        try (DatagramChannel to = open("127.0.0.1");
                DatagramChannel free = DatagramChannel.open();
                DatagramChannel tied = DatagramChannel.open()) {
            assertThat(provider.bindToInterface(free, "lo")).isTrue();
            assertThat(provider.bindToInterface(tied, "other")).isTrue();
            tied.send(ByteBuffer.allocate(2), to.getLocalAddress()); // goes where nobody is
            free.send(ByteBuffer.allocate(1), to.getLocalAddress());
            awaitReadable(to);
            to.receive(buffer.clear());
            assertThat(buffer.position()).isEqualTo(1);
            assertThat(to.receive(buffer.clear())).isNull();
            assertThatThrownBy(() -> provider.bindToInterface(free, "wwan7"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("interface 'wwan7': No such device");
        }
    }

    private static DatagramChannel open(String host) throws IOException {
        DatagramChannel channel =
                DatagramChannel.open(host.contains(":") ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        channel.bind(new InetSocketAddress(InetAddress.getByName(host), 0)).configureBlocking(false);
        return channel;
    }

    private static void awaitReadable(DatagramChannel channel) throws IOException {
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            assertThat(selector.select(PATIENCE_MILLIS)).isEqualTo(1);
        }
    }
}
