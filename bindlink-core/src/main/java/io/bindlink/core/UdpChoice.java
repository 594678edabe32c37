package io.bindlink.core;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.spi.UdpSocketProvider;
import io.bindlink.core.io.NioUdpSocketProvider;
import io.bindlink.core.io.UdpSockets;
import java.util.Optional;

/** Decides by which provider a node sends and receives datagrams. Immutable. */
final class UdpChoice {
    private UdpChoice() {}

    /**
     * The sockets of a name.
     *
     * @param name a provider's, which then has to work; or {@link BindlinkBuilder#DEFAULT_UDP}: the first one that works
     *     here, the JDK's own last
     * @throws BindlinkException with code {@link BindlinkException.Code#CONFIG} if there is none of this name, or it
     *     cannot work here
     */
    static UdpSockets choose(String name, Providers<UdpSocketProvider> providers) {
        return name.equals(BindlinkBuilder.DEFAULT_UDP)
                ? new UdpSockets(automatic(providers), true)
                : new UdpSockets(required(name, providers), false);
    }

    private static UdpSocketProvider automatic(Providers<UdpSocketProvider> providers) {
        return providers.byName().values().stream()
                .filter(provider -> !provider.name().equals(NioUdpSocketProvider.NAME))
                .filter(provider -> provider.unsupported().isEmpty())
                .findFirst()
                .orElseGet(NioUdpSocketProvider::new);
    }

    private static UdpSocketProvider required(String name, Providers<UdpSocketProvider> providers) {
        UdpSocketProvider provider = providers.find(name);
        Optional<String> why = provider.unsupported();
        if (why.isPresent()) {
            throw new BindlinkException(
                    BindlinkException.Code.CONFIG, "UDP by '" + name + "' cannot work here: " + why.get());
        }
        return provider;
    }
}
