/** The public face of Bindlink: what links, multiplexers, schedulers and tun devices are. */
module io.bindlink.api {
    requires static org.jspecify;

    exports io.bindlink.api;
    exports io.bindlink.api.spi;
}
