/** TCP mode: the edge for systems without a tun device. */
module io.bindlink.tun.tcp {
    requires transitive io.bindlink.api;
    requires io.bindlink.core;
    requires static org.jspecify;

    exports io.bindlink.tun.tcp;

    provides io.bindlink.api.spi.TunDeviceProvider with
            io.bindlink.tun.tcp.TcpTunDeviceProvider;
}
