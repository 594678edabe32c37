/** A program that embeds Bindlink and replaces each of its parts. */
module example.bond {
    requires io.bindlink.core;

    provides io.bindlink.api.spi.MultiplexerProvider with
            example.bond.XorParity.Provider;
    provides io.bindlink.api.spi.SchedulerProvider with
            example.bond.CheapestUp.Provider;
    provides io.bindlink.api.spi.TunDeviceProvider with
            example.bond.MemoryTun.Provider;
}
