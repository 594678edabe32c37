package io.bindlink.cli;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.Role;
import io.bindlink.cli.status.StatusServer;
import io.bindlink.core.BindlinkBuilder;
import io.bindlink.core.PresharedKey;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that master and slave share. Confined to its command. */
final class NodeOptions {
    @Option(
            names = "--key-file",
            required = true,
            paramLabel = "FILE",
            description = "The key both ends share, made by 'bindlink genkey'.")
    @SuppressWarnings("NullAway.Init") // required
    private Path keyFile;

    @Mixin
    private final TunOptions tun = new TunOptions();

    @Option(
            names = "--scheduler",
            paramLabel = "NAME[,KEY=VALUE]...",
            converter = NamedOptions.Converter.class,
            description = "How packets are spread over the links.")
    private @Nullable NamedOptions scheduler;

    @Option(
            names = "--multiplexer",
            paramLabel = "NAME[,KEY=VALUE]...",
            converter = NamedOptions.Converter.class,
            description = "Replaces everything between tun and links; the same at both ends.")
    private @Nullable NamedOptions multiplexer;

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
        if (multiplexer != null) {
            builder.multiplexer(multiplexer.name(), multiplexer.options());
        }
        PresharedKey key = PresharedKey.read(keyFile);
        if (PresharedKey.readableByOthers(keyFile)) {
            log().warn("key file {} can be read by others; mend it with: chmod 600 {}", keyFile, keyFile);
        }
        builder.plugins(plugins.loaders().toArray(ClassLoader[]::new));
        plugins.complaints().forEach(complaint -> log().warn("{}", complaint));
        return builder.key(key);
    }

    /** Where to tell of the node by HTTP, bound already; nowhere if that cannot be and nobody asked for it. */
    StatusServer statusServer() {
        return http.bind();
    }

    static BindlinkException usage(String message) {
        return new BindlinkException(BindlinkException.Code.USAGE, message);
    }

    /** The log; to be asked for after the level is set. */
    static Logger log() {
        return LoggerFactory.getLogger("bindlink");
    }
}
