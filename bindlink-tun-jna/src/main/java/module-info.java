/** The Linux tun device and UDP with segmentation offload, by JNA. They are found by {@link java.util.ServiceLoader}. */
module io.bindlink.tun.jna {
    requires com.sun.jna;
    requires transitive io.bindlink.api;
    requires static org.jspecify;

    exports io.bindlink.tun.jna;

    provides io.bindlink.api.spi.TunDeviceProvider with
            io.bindlink.tun.jna.JnaTunDeviceProvider;
    provides io.bindlink.api.spi.UdpSocketProvider with
            io.bindlink.tun.jna.JnaUdpSocketProvider;
}
