/** The engine of Bindlink: builder, sessions, links, multiplexer, schedulers, streams and simulator. */
module io.bindlink.core {
    requires transitive io.bindlink.api;
    requires org.slf4j;
    requires static jdk.jfr;
    requires static org.jspecify;

    exports io.bindlink.core;
    exports io.bindlink.core.sim;
    exports io.bindlink.core.stream;

    uses io.bindlink.api.spi.MultiplexerProvider;
    uses io.bindlink.api.spi.SchedulerProvider;
    uses io.bindlink.api.spi.TunDeviceProvider;
    uses io.bindlink.api.spi.UdpSocketProvider;

    provides io.bindlink.api.spi.MultiplexerProvider with
            io.bindlink.core.mux.BondingProvider;
    provides io.bindlink.api.spi.SchedulerProvider with
            io.bindlink.core.scheduling.AdaptiveProvider,
            io.bindlink.core.scheduling.ActiveStandbyProvider,
            io.bindlink.core.scheduling.LowestDelayProvider,
            io.bindlink.core.scheduling.RedundantProvider,
            io.bindlink.core.scheduling.RoundRobinProvider,
            io.bindlink.core.scheduling.WeightedProvider;
    provides io.bindlink.api.spi.UdpSocketProvider with
            io.bindlink.core.io.NioUdpSocketProvider;
}
