package io.bindlink.core.io;

import io.bindlink.api.spi.UdpSocketProvider;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a node's UDP sockets by the provider that was chosen. Thread-safe. */
public final class UdpSockets {
    private static final Logger LOG = LoggerFactory.getLogger(UdpSockets.class);
    private static final int BUFFER_BYTES = 1 << 20; // a burst of some 700 datagrams; the system may grant less

    private final UdpSocketProvider provider;
    private final boolean mayFallBack;
    private final AtomicBoolean fellBack = new AtomicBoolean();

    /**
     * Sockets by one provider.
     *
     * @param provider one that is supported here
     * @param mayFallBack whether a socket the provider cannot take is one of the JDK's; else it cannot be opened
     */
    public UdpSockets(UdpSocketProvider provider, boolean mayFallBack) {
        this.provider = provider;
        this.mayFallBack = mayFallBack;
        LOG.debug("UDP by {}", provider.name());
    }

    /** Sockets by the JDK alone. */
    static UdpSockets portable() {
        return new UdpSockets(new NioUdpSocketProvider(), false);
    }

    /** Opens a socket that is not yet bound. */
    UdpEndpoint open(boolean ipv6) throws IOException {
        DatagramChannel channel =
                DatagramChannel.open(ipv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES);
            return attach(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private UdpEndpoint attach(DatagramChannel channel) throws IOException {
        try {
            return new UdpEndpoint(channel, provider.attach(channel));
        } catch (IOException e) {
            if (!mayFallBack) {
                throw e;
            }
            if (fellBack.compareAndSet(false, true)) {
                LOG.info(
                        "UDP by {}, since {} does not work here: {}",
                        NioUdpSocketProvider.NAME,
                        provider.name(),
                        e.getMessage());
            }
            return new UdpEndpoint(channel, new NioUdpSocket(channel));
        }
    }

    /**
     * Ties a channel to an interface where that can be done; elsewhere its address alone decides, by the routes.
     *
     * @param channel not yet bound
     * @throws IOException with a line for people when the interface cannot be used
     */
    void bindToInterface(NetworkChannel channel, String interfaceName) throws IOException {
        if (!provider.bindToInterface(channel, interfaceName)) {
            LOG.debug("interface {} is chosen by its address and the routes", interfaceName);
        }
    }
}
