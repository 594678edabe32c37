package io.bindlink.tun.jna;

import io.bindlink.api.spi.UdpSocket;
import io.bindlink.api.spi.UdpSocketProvider;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * UDP on Linux with segmentation offload (kernel 5.0 and later), on sockets that never fragment and may be tied to an
 * interface. It works on the JDK's channels, whose descriptors it duplicates. Thread-safe.
 */
public final class JnaUdpSocketProvider implements UdpSocketProvider {
    private static final String INSTEAD = "--udp nio works everywhere";

    /** Room for what comes while a garbage collection takes its time: some 10 ms of 3 Gbit/s. */
    private static final int RECEIVE_BUFFER_BYTES = 4 << 20;

    /** Made by {@link java.util.ServiceLoader}. */
    public JnaUdpSocketProvider() {}

    @Override
    public String name() {
        return "jna";
    }

    /** Tries it with a socket. */
    @Override
    public Optional<String> unsupported() {
        Optional<String> why = Platform.unsupported(INSTEAD);
        if (why.isPresent()) {
            return why;
        }
        try (DatagramChannel trial = DatagramChannel.open(StandardProtocolFamily.INET)) {
            attach(trial).close();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e.getMessage() + "; " + INSTEAD);
        }
    }

    @Override
    public UdpSocket attach(DatagramChannel channel) throws IOException {
        int descriptor = descriptor(channel);
        try {
            SocketOptions options = new SocketOptions();
            int family = options.get(descriptor, SocketOptions.SOL_SOCKET, SocketOptions.SO_DOMAIN)
                    .orElseThrow(() -> new IOException("the socket's family cannot be read"));
            prepare(options, descriptor, family);
            return new JnaUdpSocket(descriptor, family);
        } catch (IOException e) {
            int unused = Libc.close(descriptor);
            throw e;
        }
    }

    private static void prepare(SocketOptions options, int descriptor, int family) throws IOException {
        if (options.get(descriptor, SocketOptions.SOL_UDP, SocketOptions.UDP_SEGMENT)
                .isEmpty()) {
            throw Refusal.of("segmentation offload", Libc.errno());
        }
        int probe = SocketOptions.PMTUDISC_PROBE;
        set(options, descriptor, SocketOptions.IPPROTO_IP, SocketOptions.IP_MTU_DISCOVER, probe);
        if (family == SocketAddresses.AF_INET6) {
            set(options, descriptor, SocketOptions.IPPROTO_IPV6, SocketOptions.IPV6_MTU_DISCOVER, probe);
        }
        // Beyond what the system grants to everybody; without the capability that stays as it is.
        int unused =
                options.set(descriptor, SocketOptions.SOL_SOCKET, SocketOptions.SO_RCVBUFFORCE, RECEIVE_BUFFER_BYTES);
        // Last: a channel that is given back must not receive trains.
        set(options, descriptor, SocketOptions.SOL_UDP, SocketOptions.UDP_GRO, 1);
    }

    private static void set(SocketOptions options, int descriptor, int level, int option, int number)
            throws IOException {
        int errno = options.set(descriptor, level, option, number);
        if (errno != 0) {
            throw Refusal.of("option " + level + "/" + option + " of a UDP socket", errno);
        }
    }

    @Override
    public boolean bindToInterface(NetworkChannel channel, String interfaceName) throws IOException {
        int descriptor = descriptor(channel);
        try {
            int errno = new SocketOptions()
                    .set(descriptor, SocketOptions.SOL_SOCKET, SocketOptions.SO_BINDTODEVICE, interfaceName);
            if (errno == Libc.EPERM) { // kernels before 5.7 want CAP_NET_RAW
                return false;
            }
            if (errno != 0) {
                throw Refusal.of("interface '" + interfaceName + "'", errno);
            }
            return true;
        } finally {
            int unused = Libc.close(descriptor);
        }
    }

    private static int descriptor(NetworkChannel channel) throws IOException {
        return new ChannelDescriptor(new SplittableRandom()).duplicate(channel);
    }
}
