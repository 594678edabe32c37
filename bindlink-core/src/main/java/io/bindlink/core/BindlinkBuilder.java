package io.bindlink.core;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.Event;
import io.bindlink.api.LinkUri;
import io.bindlink.api.Role;
import io.bindlink.api.Scheduler;
import io.bindlink.api.TunConfig;
import io.bindlink.api.TunDevice;
import io.bindlink.api.spi.MultiplexerProvider;
import io.bindlink.api.spi.SchedulerProvider;
import io.bindlink.api.spi.TunDeviceProvider;
import io.bindlink.core.crypto.Suite;
import io.bindlink.core.crypto.SuiteChoice;
import io.bindlink.core.io.DriverConfig;
import io.bindlink.core.io.EventListener;
import io.bindlink.core.io.HostPort;
import io.bindlink.core.io.NodeDriver;
import io.bindlink.core.io.ProcessorFlags;
import io.bindlink.core.io.SystemClock;
import io.bindlink.core.io.UdpSockets;
import io.bindlink.core.link.CongestionControl;
import io.bindlink.core.link.CongestionControls;
import io.bindlink.core.session.NodeConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects a node's settings and starts it. Each setting may be given once more to replace it, except links, listen
 * addresses and listeners, which add up. Nothing may be null. A builder starts one node, and what is set afterwards
 * changes nothing. Not thread-safe.
 */
public final class BindlinkBuilder {
    /** The scheduler used when nobody says otherwise. */
    public static final String DEFAULT_SCHEDULER = "adaptive";

    /** The multiplexer used when nobody says otherwise. */
    public static final String DEFAULT_MULTIPLEXER = "bonding";

    /** The tun device's provider used when nobody says otherwise. */
    public static final String DEFAULT_TUN = "jna";

    /** The choice of UDP sockets when nobody says otherwise: what costs least among those that work here. */
    public static final String DEFAULT_UDP = "auto";

    private static final Duration MIN_REKEY = Duration.ofSeconds(1);
    private static final Duration MAX_REKEY = Duration.ofHours(1);

    /** Mobile networks pause for up to four seconds now and then. */
    private static final Duration MIN_SESSION_TIMEOUT = Duration.ofSeconds(5);

    /** The peer's clock is known by 32 bits of microseconds, of which half may pass unseen. */
    private static final Duration MAX_SESSION_TIMEOUT = Duration.ofMinutes(30);

    private final Role role;
    private final List<LinkUri> links = new ArrayList<>();
    private final List<InetSocketAddress> listenAddresses = new ArrayList<>();
    private final List<EventListener> listeners = new ArrayList<>();
    private @Nullable PresharedKey key;
    private @Nullable HostPort proxyTarget;
    private @Nullable TunDevice device;
    private String tunName = DEFAULT_TUN;
    private @Nullable TunConfig tunConfig;
    private String udpName = DEFAULT_UDP;
    private String schedulerName = DEFAULT_SCHEDULER;
    private Map<String, String> schedulerOptions = Map.of();
    private @Nullable Supplier<Scheduler> scheduler;
    private String multiplexerName = DEFAULT_MULTIPLEXER;
    private Map<String, String> multiplexerOptions = Map.of();
    private @Nullable MultiplexerProvider multiplexer;
    private Supplier<CongestionControl> congestionControl = CongestionControls.named(CongestionControls.DEFAULT_NAME);
    private Set<CipherSuite> suites = EnumSet.allOf(CipherSuite.class);
    private long rekeyNanos = NodeConfig.DEFAULT_REKEY_NANOS;
    private long sessionTimeoutNanos = NodeConfig.DEFAULT_SESSION_TIMEOUT_NANOS;
    private List<ClassLoader> plugins = List.of();
    private boolean started;

    BindlinkBuilder(Role role) {
        this.role = role;
    }

    /**
     * The secret shared with the peer. Required.
     *
     * @param key the same at both ends
     * @return this
     */
    public BindlinkBuilder key(PresharedKey key) {
        this.key = Objects.requireNonNull(key);
        return this;
    }

    /**
     * The key and the proxy target in one, for a slave. Links are still to be added; {@code udp://} and {@link JoinLine#master}
     * name the direct one.
     *
     * @param line as the master printed it
     * @return this
     */
    public BindlinkBuilder join(JoinLine line) {
        return key(line.key()).proxyTarget(line.master());
    }

    /**
     * Where proxies send to: the master as seen from them. For a slave with links through proxies, which need it; a
     * name is resolved anew whenever a link is made.
     *
     * @param hostAndPort such as {@code master.example:4500} or {@code [2001:db8::1]:4500}
     * @return this
     * @throws BindlinkException with code {@link BindlinkException.Code#CONFIG} if it is not a host and a port
     */
    public BindlinkBuilder proxyTarget(String hostAndPort) {
        requireRole(Role.SLAVE, "a proxy target");
        this.proxyTarget = HostPort.parse(hostAndPort, "proxy target");
        return this;
    }

    /**
     * Where proxies send to: the master as seen from them.
     *
     * @param address resolved or not
     * @return this
     */
    public BindlinkBuilder proxyTarget(InetSocketAddress address) {
        requireRole(Role.SLAVE, "a proxy target");
        this.proxyTarget = HostPort.of(address);
        return this;
    }

    /**
     * Adds a link. For a slave; more can follow at run time by {@link Bindlink#linkMap}, so none is required here.
     *
     * @param uri such as {@code socks5://192.168.43.1:1080}; see {@link LinkUri}
     * @return this
     * @throws BindlinkException with code {@link BindlinkException.Code#CONFIG} if it is no link's URI
     */
    public BindlinkBuilder link(String uri) {
        return link(LinkUri.parse(uri));
    }

    /**
     * Adds a link. For a slave.
     *
     * @param uri what the link is made from
     * @return this
     */
    public BindlinkBuilder link(LinkUri uri) {
        requireRole(Role.SLAVE, "a link");
        links.add(Objects.requireNonNull(uri));
        return this;
    }

    /**
     * Adds an address to listen on by UDP. For a master; more can follow at run time by {@link Bindlink#linkMap}.
     *
     * @param local the wildcard address: every local address, of both families, as they come and go; port 0: any free
     *     one
     * @return this
     */
    public BindlinkBuilder listen(InetSocketAddress local) {
        requireRole(Role.MASTER, "a listen address");
        listenAddresses.add(Objects.requireNonNull(local));
        return this;
    }

    /**
     * The provider that opens the tun device, found by {@link java.util.ServiceLoader}. Default {@value #DEFAULT_TUN}.
     *
     * @param providerName such as {@code jna} or {@code tcp}
     * @return this
     */
    public BindlinkBuilder tun(String providerName) {
        this.tunName = Objects.requireNonNull(providerName);
        this.device = null;
        return this;
    }

    /**
     * What the tun device is opened with. Default: {@link TunConfig#of} this node's role.
     *
     * @param config name, addresses, MTU and the provider's own settings
     * @return this
     */
    public BindlinkBuilder tun(TunConfig config) {
        this.tunConfig = Objects.requireNonNull(config);
        return this;
    }

    /**
     * A tun device that is open already, instead of a provider's.
     *
     * @param device not yet running; {@link #start} takes it over and it is closed with the node, or when the start fails
     * @return this
     */
    public BindlinkBuilder tun(TunDevice device) {
        this.device = Objects.requireNonNull(device);
        return this;
    }

    /**
     * What sends and receives datagrams, found by {@link java.util.ServiceLoader}. Default {@value #DEFAULT_UDP}: Linux's
     * segmentation offload where it works, else one datagram at a time by the JDK.
     *
     * @param providerName such as {@code nio} or {@code jna}, which then has to work; or {@value #DEFAULT_UDP}
     * @return this
     */
    public BindlinkBuilder udp(String providerName) {
        this.udpName = Objects.requireNonNull(providerName);
        return this;
    }

    /**
     * The default multiplexer's scheduler by name. Default {@value #DEFAULT_SCHEDULER}.
     *
     * @param name such as {@code adaptive}, {@code weighted}, {@code round-robin}, {@code lowest-delay}, {@code redundant} or
     *     {@code active-standby}, or a plugin's
     * @return this
     */
    public BindlinkBuilder scheduler(String name) {
        return scheduler(name, Map.of());
    }

    /**
     * The scheduler by name, with its own settings.
     *
     * @param name a built-in one's or a plugin's
     * @param options its settings
     * @return this
     */
    public BindlinkBuilder scheduler(String name, Map<String, String> options) {
        this.schedulerName = Objects.requireNonNull(name);
        this.schedulerOptions = Map.copyOf(options);
        this.scheduler = null;
        return this;
    }

    /**
     * A scheduler of your own.
     *
     * @param scheduler makes a new one for each session
     * @return this
     */
    public BindlinkBuilder scheduler(Supplier<Scheduler> scheduler) {
        this.scheduler = Objects.requireNonNull(scheduler);
        return this;
    }

    /**
     * The multiplexer by name, the same at both ends. Default {@value #DEFAULT_MULTIPLEXER}.
     *
     * @param name the built-in one's or a plugin's
     * @return this
     */
    public BindlinkBuilder multiplexer(String name) {
        return multiplexer(name, Map.of());
    }

    /**
     * The multiplexer by name, with its own settings.
     *
     * @param name the built-in one's or a plugin's
     * @param options its settings
     * @return this
     */
    public BindlinkBuilder multiplexer(String name, Map<String, String> options) {
        this.multiplexerName = Objects.requireNonNull(name);
        this.multiplexerOptions = Map.copyOf(options);
        this.multiplexer = null;
        return this;
    }

    /**
     * A multiplexer of your own. Its name and version must equal the peer's.
     *
     * @param provider makes a new one for each session
     * @return this
     */
    public BindlinkBuilder multiplexer(MultiplexerProvider provider) {
        this.multiplexer = Objects.requireNonNull(provider);
        this.multiplexerOptions = Map.of();
        return this;
    }

    /**
     * How it is decided how fast each link may be sent on from here, by name. There is nothing to gain by choosing another,
     * unless the default is suspected of a fault.
     *
     * @param name {@code rate}, the default, which measures each link's rate and delay; or {@code plain}, a window that
     *     grows until a queue shows
     * @return this
     * @throws BindlinkException with code {@link BindlinkException.Code#CONFIG} if there is none of that name
     */
    public BindlinkBuilder congestionControl(String name) {
        this.congestionControl = CongestionControls.named(name);
        return this;
    }

    /**
     * The suites this end allows. Default: all. Among those that both ends allow the slave takes what is fastest here.
     *
     * @param allowed at least one
     * @return this
     * @throws BindlinkException with code {@link BindlinkException.Code#CONFIG} if there is none
     */
    public BindlinkBuilder suites(Set<CipherSuite> allowed) {
        if (allowed.isEmpty()) {
            throw config("no cipher suite is allowed; allow at least one");
        }
        this.suites = EnumSet.copyOf(allowed);
        return this;
    }

    /**
     * How long keys are used before new ones are agreed on. Default two minutes. Shorter costs a round trip's handshake
     * each time; longer lets a stolen key open more.
     *
     * @param interval 1 second..1 hour
     * @return this
     * @throws BindlinkException with code {@link BindlinkException.Code#CONFIG} if it is out of range
     */
    public BindlinkBuilder rekeyEvery(Duration interval) {
        if (interval.compareTo(MIN_REKEY) < 0 || interval.compareTo(MAX_REKEY) > 0) {
            throw config("rekey interval " + interval + " is not in 1 second..1 hour");
        }
        this.rekeyNanos = interval.toNanos();
        return this;
    }

    /**
     * How long a session, and every stream in it, outlives the death of all links. Default 60 seconds. When it has passed
     * the session ends, its streams are reset, and the next one begins anew. Each end goes by its own setting, and the
     * session is over for both when it is for one, so give both the same.
     *
     * @param limit 5 seconds..30 minutes
     * @return this
     * @throws BindlinkException with code {@link BindlinkException.Code#CONFIG} if it is out of range
     */
    public BindlinkBuilder sessionTimeout(Duration limit) {
        if (limit.compareTo(MIN_SESSION_TIMEOUT) < 0 || limit.compareTo(MAX_SESSION_TIMEOUT) > 0) {
            throw config("session timeout " + limit + " is not in 5 seconds..30 minutes");
        }
        this.sessionTimeoutNanos = limit.toNanos();
        return this;
    }

    /**
     * Adds a listener that hears events in order on a thread of the node's, {@code bindlink-events}. What it throws is
     * logged; when it is slow, events beyond a bound are dropped and counted.
     *
     * @param listener called for each event
     * @return this
     */
    public BindlinkBuilder listener(Consumer<Event> listener) {
        listeners.add(new EventListener(null, Objects.requireNonNull(listener)));
        return this;
    }

    /**
     * Adds a listener that hears events in order on an executor, never two at once.
     *
     * @param executor the user's own; not shut down with the node
     * @param listener called for each event
     * @return this
     */
    public BindlinkBuilder listener(Executor executor, Consumer<Event> listener) {
        listeners.add(new EventListener(Objects.requireNonNull(executor), Objects.requireNonNull(listener)));
        return this;
    }

    /**
     * Class loaders to look in for schedulers, multiplexers, tun devices and UDP sockets, before the library's own.
     *
     * @param loaders such as one over a user's jars
     * @return this
     */
    public BindlinkBuilder plugins(ClassLoader... loaders) {
        this.plugins = List.of(loaders);
        return this;
    }

    /**
     * Checks the settings, opens the device, binds and starts the node. A failure leaves nothing behind: no socket,
     * thread or open device.
     *
     * @return the running node, to be closed by the caller
     * @throws BindlinkException with one line that says what is wrong: code {@link BindlinkException.Code#CONFIG} for a
     *     setting, {@link BindlinkException.Code#TUN_UNAVAILABLE} for the device, {@link
     *     BindlinkException.Code#RUNTIME} for an address that cannot be bound
     * @throws IllegalStateException if this builder started a node before
     */
    public Bindlink start() {
        if (started) {
            throw new IllegalStateException("a builder starts one node");
        }
        started = true;
        TunDevice owned = device;
        try {
            PresharedKey secret = requiredKey();
            Strategies strategies = strategies();
            UdpSockets udp = UdpChoice.choose(udpName, Providers.udpSockets(plugins));
            if (owned == null) {
                owned = openTun(strategies);
            }
            NodeConfig node = strategies.nodeConfig(
                    role, secret.secret(), orderedSuites(), owned, rekeyNanos, sessionTimeoutNanos);
            NodeDriver driver = new NodeDriver(new DriverConfig(node, owned, udp, proxyTarget, listeners));
            owned = null; // closed with the driver from here on
            return run(driver);
        } catch (UncheckedIOException e) {
            throw new BindlinkException(
                    BindlinkException.Code.RUNTIME, "the system has no selector left: " + e.getMessage(), e);
        } finally {
            if (owned != null) {
                closeQuietly(owned);
            }
        }
    }

    private Bindlink run(NodeDriver driver) {
        try {
            for (InetSocketAddress local : listenAddresses) {
                driver.linkMap().startListener(local);
            }
            for (LinkUri uri : links) {
                driver.linkMap().initiateLink(uri);
            }
            driver.start();
            return new Bindlink(driver);
        } catch (IOException e) {
            driver.close();
            throw new BindlinkException(BindlinkException.Code.RUNTIME, String.valueOf(e.getMessage()), e);
        } catch (RuntimeException | Error e) { // the latter: the system has no thread left
            driver.close();
            throw e;
        }
    }

    private PresharedKey requiredKey() {
        if (key == null) {
            throw config("no key; both ends need the same one, made by 'bindlink genkey'");
        }
        return key;
    }

    private Strategies strategies() {
        MultiplexerProvider provider = multiplexer != null
                ? multiplexer
                : Providers.multiplexers(plugins).find(multiplexerName);
        Supplier<Scheduler> schedulers = scheduler;
        if (schedulers == null) {
            SchedulerProvider named = Providers.schedulers(plugins).find(schedulerName);
            Map<String, String> options = schedulerOptions;
            Scheduler unused = named.create(options); // so that a wrong setting is told now, not at the first session
            schedulers = () -> named.create(options);
        }
        return new Strategies(provider, multiplexerOptions, schedulers, congestionControl);
    }

    private TunDevice openTun(Strategies strategies) {
        TunDeviceProvider provider = Providers.tunDevices(plugins).find(tunName);
        provider.unsupported().ifPresent(why -> {
            throw new BindlinkException(
                    BindlinkException.Code.TUN_UNAVAILABLE, "tun device '" + tunName + "' cannot work here: " + why);
        });
        try {
            return provider.open(strategies.tunConfig(tunConfig != null ? tunConfig : TunConfig.of(role)));
        } catch (IOException e) {
            throw new BindlinkException(
                    BindlinkException.Code.TUN_UNAVAILABLE,
                    "tun device '" + tunName + "' cannot be opened: " + e.getMessage(),
                    e);
        }
    }

    /** What is fastest here comes first; a slave proposes it, a master only allows. */
    private List<Suite> orderedSuites() {
        List<Suite> allowed = suites.stream().map(CipherSuite::suite).toList();
        if (role == Role.MASTER) {
            return allowed;
        }
        return ProcessorFlags.aesInstructions()
                .map(aes -> SuiteChoice.fastestFirst(allowed, aes))
                .orElseGet(() -> SuiteChoice.fastestFirst(allowed, SystemClock::nanoTime));
    }

    private void requireRole(Role needed, String what) {
        if (role != needed) {
            throw config(what + " belongs to a " + needed.name().toLowerCase(Locale.ROOT) + ", and this is a "
                    + role.name().toLowerCase(Locale.ROOT));
        }
    }

    private static void closeQuietly(TunDevice device) {
        try {
            device.close();
        } catch (IOException e) {
            // The failure that led here says more.
        }
    }

    private static BindlinkException config(String message) {
        return new BindlinkException(BindlinkException.Code.CONFIG, message);
    }
}
