package io.bindlink.core.io;

import io.bindlink.api.TunDevice;
import io.bindlink.core.session.NodeConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a driver is made of. Immutable.
 *
 * @param node what its node is made of
 * @param device the edge to the system; the driver closes it
 * @param udp where its sockets come from
 * @param proxyTarget where proxies send to: the master; null when none was given
 * @param listeners who wants to hear events
 */
public record DriverConfig(
        NodeConfig node,
        TunDevice device,
        UdpSockets udp,
        @Nullable HostPort proxyTarget,
        List<EventListener> listeners) {
    /** Copies the list. */
    public DriverConfig {
        listeners = List.copyOf(listeners);
    }
}
