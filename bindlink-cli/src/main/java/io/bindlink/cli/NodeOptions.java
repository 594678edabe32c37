package io.bindlink.cli;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.Role;
import io.bindlink.cli.control.ControlSocket;
import io.bindlink.cli.route.Changes;
import io.bindlink.cli.route.Nat;
import io.bindlink.cli.status.StatusServer;
import io.bindlink.core.BindlinkBuilder;
import io.bindlink.core.PresharedKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that master and slave share. Confined to its command. */
final class NodeOptions {
    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description =
                    "The key both ends share, made by 'bindlink genkey'. Default: a master makes and keeps its own, a"
                            + " slave takes it from its join line.")
    private @Nullable Path keyFile;

    private @Nullable PresharedKey key; // read once, so that it is complained of once

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final TunOptions tun = new TunOptions();

    @Option(
            names = "--scheduler",
            paramLabel = "NAME[,KEY=VALUE]...",
            converter = NamedOptions.Converter.class,
            description = "How packets are spread over the links. Default: adaptive; 'bindlink list' shows the others.")
    private @Nullable NamedOptions scheduler;

    @Option(
            names = "--multiplexer",
            paramLabel = "NAME[,KEY=VALUE]...",
            converter = NamedOptions.Converter.class,
            description = "Replaces everything between tun and links; the same at both ends.")
    private @Nullable NamedOptions multiplexer;

    @Option(
            names = "--congestion-control",
            paramLabel = "NAME",
            description = "How fast each link may be sent on: rate, the default, or plain, for comparison.")
    private @Nullable String congestionControl;

    @Option(
            names = "--session-timeout",
            paramLabel = "SECONDS",
            description = "How long connections in TCP mode outlive the death of all links: 5 to 1800, the same at both"
                    + " ends. Default: 60.")
    private @Nullable Integer sessionTimeoutSeconds;

    @Option(
            names = "--udp",
            paramLabel = "NAME",
            description = "What sends and receives datagrams. Default: auto, the cheapest that works here.")
    private String udp = BindlinkBuilder.DEFAULT_UDP;

    @Mixin
    private final PluginOptions plugins = new PluginOptions();

    @Mixin
    private final HttpOptions http = new HttpOptions();

    @Option(
            names = "--nat",
            description =
                    "Let others go out through this machine: at the master what comes out of the bond, at the slave what"
                            + " its network sends into it. Needs root and nftables; undone at the end.")
    private boolean nat;

    @Option(
            names = "--dry-run",
            description = "Print what --route, --route-links and --nat would change, and change nothing.")
    private boolean dryRun;

    @Option(
            names = "--control-socket",
            paramLabel = "PATH|none",
            description = "Where 'bindlink status' and 'bindlink link' reach this node. Default: a place of its own in"
                    + " the user's runtime directory.")
    private @Nullable String controlSocket;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description = "error, warn, info, debug or trace. Default: info.")
    private LogLevel logLevel = LogLevel.INFO;

    NodeOptions() {}

    /** Puts the options into a builder. */
    BindlinkBuilder apply(BindlinkBuilder builder, Role role) {
        logLevel.apply();
        tun.apply(builder, role);
        builder.udp(udp);
        if (scheduler != null) {
            builder.scheduler(scheduler.name(), scheduler.options());
        }
        if (congestionControl != null) {
            builder.congestionControl(congestionControl);
        }
        if (sessionTimeoutSeconds != null) {
            if (sessionTimeoutSeconds < 5 || sessionTimeoutSeconds > 1800) {
                throw usage("--session-timeout " + sessionTimeoutSeconds + " is not in 5..1800");
            }
            builder.sessionTimeout(Duration.ofSeconds(sessionTimeoutSeconds));
        }
        if (multiplexer != null) {
            builder.multiplexer(multiplexer.name(), multiplexer.options());
        }
        builder.plugins(plugins.loaders().toArray(ClassLoader[]::new));
        plugins.complaints().forEach(complaint -> log().warn("{}", complaint));
        return builder;
    }

    /** The key from the file that the options name; empty if they name none. */
    Optional<PresharedKey> key() {
        if (keyFile != null && key == null) {
            key = PresharedKey.read(keyFile);
            if (PresharedKey.readableByOthers(keyFile)) {
                warnOfOpen("key file", keyFile);
            }
        }
        return Optional.ofNullable(key);
    }

    /** Tells of a secret that others can read. */
    void warnOfOpen(String what, Path file) {
        logLevel.apply(); // before the first line
        log().warn("{} {} can be read by others; mend it with: chmod 600 {}", what, file, file);
    }

    /** Where to tell of the node by HTTP, bound already; nowhere if that cannot be and nobody asked for it. */
    StatusServer statusServer() {
        return http.bind(spec.commandLine().getOut());
    }

    /** Where people ask and change the node; nowhere if that cannot be and nobody asked for it. */
    ControlSocket controlSocket(Role role) {
        if ("none".equals(controlSocket)) {
            return ControlSocket.nowhere();
        }
        try {
            return ControlSocket.bind(controlSocket == null ? null : Path.of(controlSocket), role);
        } catch (IOException | UnsupportedOperationException | InvalidPathException e) {
            String where = controlSocket == null ? "" : " " + controlSocket;
            String message = "control socket" + where + " cannot be made: "
                    + (e instanceof IOException failure ? Failures.reason(failure) : e.getMessage());
            if (controlSocket != null) {
                throw new BindlinkException(BindlinkException.Code.CONFIG, message, e);
            }
            log().warn("{}; 'bindlink status' cannot ask this node", message);
            return ControlSocket.nowhere();
        }
    }

    /** The translation asked for. */
    Nat nat(Role role) {
        if (!nat) {
            return Nat.none();
        }
        requireDevice("--nat");
        return role == Role.MASTER ? Nat.outOfTheBond(tun.networks()) : Nat.intoTheBond();
    }

    /** Complains if there is no tun device that packets could be led into. */
    void requireDevice(String option) {
        if (tun.isTcp()) {
            throw usage(option + " goes with a tun device, not with --tun tcp");
        }
    }

    boolean dryRun() {
        return dryRun;
    }

    void printChanges(Changes changes) {
        PrintWriter out = spec.commandLine().getOut();
        changes.commands(tun.deviceName()).forEach(out::println);
        out.flush();
    }

    static BindlinkException usage(String message) {
        return new BindlinkException(BindlinkException.Code.USAGE, message);
    }

    /** The log; to be asked for after the level is set. */
    static Logger log() {
        return LoggerFactory.getLogger("bindlink");
    }
}
