package io.bindlink.core.io;

import io.bindlink.api.spi.UdpSocket;
import io.bindlink.api.spi.UdpSocketProvider;
import java.nio.channels.DatagramChannel;
import java.util.Optional;

/** Datagrams by the JDK alone, one for each call of the system. Works everywhere. Thread-safe. */
public final class NioUdpSocketProvider implements UdpSocketProvider {
    /** The name it is selected by. */
    public static final String NAME = "nio";

    /** Made by {@link java.util.ServiceLoader}. */
    public NioUdpSocketProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> unsupported() {
        return Optional.empty();
    }

    @Override
    public UdpSocket attach(DatagramChannel channel) {
        return new NioUdpSocket(channel);
    }
}
