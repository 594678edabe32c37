/** The Linux tun device, by JNA. It is found by {@link java.util.ServiceLoader}. */
module io.bindlink.tun.jna {
    requires com.sun.jna;
    requires transitive io.bindlink.api;
    requires static transitive org.jspecify;

    exports io.bindlink.tun.jna;

    provides io.bindlink.api.spi.TunDeviceProvider with
            io.bindlink.tun.jna.JnaTunDeviceProvider;
}
