package io.bindlink.tun.jna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelDescriptorTest {
    private static final int SO_KEEPALIVE = 9;
    private static final int SO_BROADCAST = 6;

    private final SocketOptions options = new SocketOptions();
    private final ChannelDescriptor descriptors = new ChannelDescriptor(new SplittableRandom(1));

    @Test
    void theRightOneIsFoundAmongMany() throws IOException {
        List<DatagramChannel> channels = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                channels.add(DatagramChannel.open());
            }
            for (DatagramChannel channel : channels) {
                int descriptor = descriptors.duplicate(channel);
                for (boolean set : new boolean[] {true, false}) {
                    channel.setOption(StandardSocketOptions.SO_BROADCAST, set);
                    assertThat(options.get(descriptor, SocketOptions.SOL_SOCKET, SO_BROADCAST))
                            .hasValue(set ? 1 : 0);
                }
                assertThat(Libc.close(descriptor)).isZero();
            }
        } finally {
            for (DatagramChannel channel : channels) {
                channel.close();
            }
        }
    }

    @Test
    void streamsHaveOneToo() throws IOException {
        try (SocketChannel channel = SocketChannel.open()) {
            int descriptor = descriptors.duplicate(channel);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            assertThat(options.get(descriptor, SocketOptions.SOL_SOCKET, SO_KEEPALIVE))
                    .hasValue(1);
            assertThat(Libc.close(descriptor)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theChannelIsLeftAsItWas(boolean reuse) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, reuse);
            assertThat(Libc.close(descriptors.duplicate(channel))).isZero();
            assertThat(channel.getOption(StandardSocketOptions.SO_REUSEADDR)).isEqualTo(reuse);
        }
    }

    @Test
    void aSocketWithTwoDescriptorsIsFoundAgain() throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            int first = descriptors.duplicate(channel);
            int second = descriptors.duplicate(channel);
            assertThat(second).isNotEqualTo(first);
            assertThat(Libc.close(first) + Libc.close(second)).isZero();
        }
    }

    @Test
    void theDuplicateOutlivesTheChannel() throws IOException {
        NetworkChannel channel = DatagramChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
        int descriptor = descriptors.duplicate(channel);
        channel.close();
        assertThat(options.get(descriptor, SocketOptions.SOL_SOCKET, SocketOptions.SO_DOMAIN))
                .isPresent();
        assertThat(Libc.close(descriptor)).isZero();
    }

    @Test
    void aClosedChannelHasNone() throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.close();
        assertThatThrownBy(() -> descriptors.duplicate(channel)).isInstanceOf(ClosedChannelException.class);
    }
}
