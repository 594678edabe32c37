package io.bindlink.core.sim;

import io.bindlink.api.Scheduler;
import io.bindlink.api.TunDevice;
import io.bindlink.api.spi.MultiplexerProvider;
import io.bindlink.core.link.CongestionControl;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What a simulated bond is made of; told at {@link SimBondBuilder}. Immutable. */
record SimSettings(
        long seed,
        List<Models> links,
        TunDevice.Kind kind,
        int mtuBytes,
        MultiplexerProvider multiplexer,
        Map<String, String> multiplexerOptions,
        Supplier<Scheduler> scheduler,
        Supplier<CongestionControl> congestionControl,
        long bufferBytes,
        long rekeyNanos,
        long sessionTimeoutNanos,
        long driftPpm,
        long timerNanos) {
    /** The two directions of a link. */
    record Models(LinkModel up, LinkModel down) {}

    SimSettings {
        links = List.copyOf(links);
        multiplexerOptions = Map.copyOf(multiplexerOptions);
    }
}
