package io.bindlink.core.sim;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.Scheduler;
import io.bindlink.api.TunDevice;
import io.bindlink.api.spi.MultiplexerProvider;
import io.bindlink.api.spi.SchedulerProvider;
import io.bindlink.core.link.CongestionControl;
import io.bindlink.core.link.CongestionControls;
import io.bindlink.core.mux.BondingProvider;
import io.bindlink.core.scheduling.Schedulers;
import io.bindlink.core.session.NodeConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gathers the settings of a simulated bond. Not thread-safe. */
public final class SimBondBuilder {
    private static final int DEFAULT_MTU_BYTES = 1380;

    private final List<SimSettings.Models> links = new ArrayList<>();
    private long seed = 1;
    private TunDevice.Kind kind = TunDevice.Kind.IP_PACKETS;
    private int mtuBytes = DEFAULT_MTU_BYTES;
    private MultiplexerProvider multiplexer = new BondingProvider();
    private Map<String, String> multiplexerOptions = Map.of();
    private @Nullable Supplier<Scheduler> scheduler;
    private Supplier<CongestionControl> congestionControl = CongestionControls.named(CongestionControls.DEFAULT_NAME);
    private long bufferBytes = NodeConfig.DEFAULT_BUFFER_BYTES;
    private long rekeyNanos = NodeConfig.DEFAULT_REKEY_NANOS;
    private long sessionTimeoutNanos = NodeConfig.DEFAULT_SESSION_TIMEOUT_NANOS;
    private long driftPpm;
    private long timerNanos;

    SimBondBuilder() {}

    /**
     * The only source of chance.
     *
     * @param seed default 1
     * @return this
     */
    public SimBondBuilder seed(long seed) {
        this.seed = seed;
        return this;
    }

    /**
     * Adds a link that behaves alike in both directions.
     *
     * @param model both directions
     * @return this
     */
    public SimBondBuilder link(LinkModel model) {
        return link(model, model);
    }

    /**
     * Adds a link.
     *
     * @param up from slave to master
     * @param down from master to slave
     * @return this
     */
    public SimBondBuilder link(LinkModel up, LinkModel down) {
        links.add(new SimSettings.Models(up, down));
        return this;
    }

    /**
     * What the devices carry.
     *
     * @param kind default: IP packets
     * @return this
     */
    public SimBondBuilder kind(TunDevice.Kind kind) {
        this.kind = kind;
        return this;
    }

    /**
     * Largest packet the devices carry.
     *
     * @param bytes default 1380
     * @return this
     */
    public SimBondBuilder mtuBytes(int bytes) {
        this.mtuBytes = bytes;
        return this;
    }

    /**
     * The multiplexer of both ends.
     *
     * @param provider default: that of a node, {@code bonding}
     * @param options settings for it
     * @return this
     */
    public SimBondBuilder multiplexer(MultiplexerProvider provider, Map<String, String> options) {
        this.multiplexer = provider;
        this.multiplexerOptions = options;
        return this;
    }

    /**
     * The scheduler of both ends, by name.
     *
     * @param name default: that of a node
     * @param options settings for it
     * @return this
     * @throws BindlinkException if there is none of that name
     */
    public SimBondBuilder scheduler(String name, Map<String, String> options) {
        SchedulerProvider provider = Schedulers.named(name).orElseGet(() -> installed(name));
        return scheduler(() -> provider.create(options));
    }

    /**
     * The scheduler of both ends.
     *
     * @param newScheduler makes one for each end and session
     * @return this
     */
    public SimBondBuilder scheduler(Supplier<Scheduler> newScheduler) {
        this.scheduler = newScheduler;
        return this;
    }

    /**
     * What a multiplexer may hold back for order.
     *
     * @param bytes default 32 MiB
     * @return this
     */
    public SimBondBuilder bufferBytes(long bytes) {
        this.bufferBytes = bytes;
        return this;
    }

    /**
     * Each link's congestion control at both ends, by name.
     *
     * @param name {@code rate}, the default, or {@code plain}
     * @return this
     * @throws BindlinkException with code {@link BindlinkException.Code#CONFIG} if there is none of that name
     */
    public SimBondBuilder congestionControl(String name) {
        this.congestionControl = CongestionControls.named(name);
        return this;
    }

    /**
     * How long keys are used.
     *
     * @param interval default two minutes
     * @return this
     */
    public SimBondBuilder rekeyEvery(Duration interval) {
        this.rekeyNanos = interval.toNanos();
        return this;
    }

    /**
     * How long a session outlives the death of all links, at both ends.
     *
     * @param limit default 60 seconds
     * @return this
     */
    public SimBondBuilder sessionTimeout(Duration limit) {
        this.sessionTimeoutNanos = limit.toNanos();
        return this;
    }

    /**
     * How much faster the slave's clock runs than the master's.
     *
     * @param partsPerMillion -1000..1000; default 0
     * @return this
     */
    public SimBondBuilder clockDrift(int partsPerMillion) {
        this.driftPpm = partsPerMillion;
        return this;
    }

    /**
     * How coarse the nodes' timers are: a wait ends after a whole multiple of this, unless a datagram ends it. A node on
     * a real system has a millisecond.
     *
     * @param granularity default 0: exact
     * @return this
     */
    public SimBondBuilder timers(Duration granularity) {
        this.timerNanos = granularity.toNanos();
        return this;
    }

    /**
     * Makes the bond; both nodes begin at once.
     *
     * @return a bond at time 0
     */
    public SimBond build() {
        if (scheduler == null) {
            scheduler(Schedulers.DEFAULT_NAME, Map.of());
        }
        return new SimBond(new SimSettings(
                seed,
                links,
                kind,
                mtuBytes,
                multiplexer,
                multiplexerOptions,
                Objects.requireNonNull(scheduler),
                congestionControl,
                bufferBytes,
                rekeyNanos,
                sessionTimeoutNanos,
                driftPpm,
                timerNanos));
    }

    private static SchedulerProvider installed(String name) {
        for (SchedulerProvider provider :
                ServiceLoader.load(SchedulerProvider.class, SimBondBuilder.class.getClassLoader())) {
            if (provider.name().equals(name)) {
                return provider;
            }
        }
        throw new BindlinkException(BindlinkException.Code.CONFIG, "no scheduler is called '" + name + "'");
    }
}
