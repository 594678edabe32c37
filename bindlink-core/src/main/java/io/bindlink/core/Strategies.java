package io.bindlink.core;

import io.bindlink.api.Multiplexer;
import io.bindlink.api.Role;
import io.bindlink.api.Scheduler;
import io.bindlink.api.TunConfig;
import io.bindlink.api.TunDevice;
import io.bindlink.api.spi.MultiplexerProvider;
import io.bindlink.core.crypto.PresharedSecret;
import io.bindlink.core.crypto.Suite;
import io.bindlink.core.io.Entropy;
import io.bindlink.core.link.CongestionControl;
import io.bindlink.core.session.NodeConfig;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Multiplexer, scheduler and congestion control that a node was configured with: what makes them when needed. Immutable. */
final class Strategies {
    private final MultiplexerProvider provider;
    private final Supplier<Multiplexer> multiplexer;
    private final Supplier<Scheduler> scheduler;
    private final Supplier<CongestionControl> congestionControl;
    private final boolean acceptsOffload;

    /**
     * Checks the options by making a multiplexer that is never started.
     *
     * @throws io.bindlink.api.BindlinkException if an option is unknown or out of range
     */
    Strategies(
            MultiplexerProvider provider,
            Map<String, String> options,
            Supplier<Scheduler> scheduler,
            Supplier<CongestionControl> congestionControl) {
        this.provider = provider;
        this.multiplexer = () -> provider.create(options);
        this.scheduler = scheduler;
        this.congestionControl = congestionControl;
        this.acceptsOffload = multiplexer.get().acceptsOffload();
    }

    /** What the device is opened with: without offload when the multiplexer cannot take super-packets. */
    TunConfig tunConfig(TunConfig wanted) {
        return new TunConfig(
                wanted.role(),
                wanted.deviceName(),
                wanted.addresses(),
                wanted.mtuBytes(),
                wanted.offload() && acceptsOffload,
                wanted.options());
    }

    NodeConfig nodeConfig(
            Role role,
            PresharedSecret secret,
            List<Suite> suites,
            TunDevice device,
            long rekeyNanos,
            long sessionTimeoutNanos) {
        return new NodeConfig(
                role,
                secret,
                suites,
                Entropy.secure().nextLong(),
                device.kind(),
                acceptsOffload && device.acceptsOffload(),
                provider.name(),
                provider.version(),
                multiplexer,
                scheduler,
                congestionControl,
                NodeConfig.DEFAULT_BUFFER_BYTES,
                rekeyNanos,
                sessionTimeoutNanos);
    }
}
