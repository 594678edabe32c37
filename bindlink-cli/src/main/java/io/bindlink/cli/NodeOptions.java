package io.bindlink.cli;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.Role;
import io.bindlink.api.TunConfig;
import io.bindlink.core.BindlinkBuilder;
import io.bindlink.core.PresharedKey;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The options that master and slave share. Confined to its command. */
final class NodeOptions {
    private static final String TCP = "tcp";

    @Option(
            names = "--key-file",
            required = true,
            paramLabel = "FILE",
            description = "The key both ends share, made by 'bindlink genkey'.")
    @SuppressWarnings("NullAway.Init") // required
    private Path keyFile;

    @Option(
            names = "--tun",
            paramLabel = "NAME",
            description = "What stands between bond and system: jna (a tun device, the default) or tcp (no root).")
    private @Nullable String tun;

    @Option(
            names = "--connect-tcp",
            paramLabel = "HOST:PORT",
            description = "TCP mode: connect there for each connection the other end accepts.")
    private @Nullable String connectTcp;

    @Option(
            names = "--listen-tcp",
            paramLabel = "[ADDR:]PORT",
            description = "TCP mode: accept connections there; without an address on the loopback one.")
    private @Nullable String listenTcp;

    @Option(
            names = "--mtu",
            paramLabel = "BYTES",
            description =
                    "Largest packet that goes in, 576..65535. Default: ${DEFAULT-VALUE}, which fits one datagram.")
    private int mtuBytes = TunConfig.DEFAULT_MTU_BYTES;

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
            names = "--log-level",
            paramLabel = "LEVEL",
            description = "error, warn, info, debug or trace. Default: info.")
    private LogLevel logLevel = LogLevel.INFO;

    NodeOptions() {}

    /** Puts the options into a builder. */
    BindlinkBuilder apply(BindlinkBuilder builder, Role role) {
        logLevel.apply();
        if (mtuBytes < 576 || mtuBytes > 65_535) {
            throw usage("--mtu " + mtuBytes + " is not in 576..65535");
        }
        applyTun(builder, role);
        if (scheduler != null) {
            builder.scheduler(scheduler.name(), scheduler.options());
        }
        if (multiplexer != null) {
            builder.multiplexer(multiplexer.name(), multiplexer.options());
        }
        PresharedKey key = PresharedKey.read(keyFile);
        if (PresharedKey.readableByOthers(keyFile)) {
            LoggerFactory.getLogger("bindlink")
                    .warn("key file {} can be read by others; mend it with: chmod 600 {}", keyFile, keyFile);
        }
        return builder.key(key);
    }

    static BindlinkException usage(String message) {
        return new BindlinkException(BindlinkException.Code.USAGE, message);
    }

    private void applyTun(BindlinkBuilder builder, Role role) {
        Map<String, List<String>> options = new HashMap<>();
        if (connectTcp != null) {
            options.put("connect-tcp", List.of(connectTcp));
        }
        if (listenTcp != null) {
            options.put("listen-tcp", List.of(listenTcp));
        }
        String name = tun != null ? tun : options.isEmpty() ? BindlinkBuilder.DEFAULT_TUN : TCP;
        if (name.equals(TCP) && options.size() != 1) {
            throw usage("--tun tcp needs one of --connect-tcp HOST:PORT and --listen-tcp [ADDR:]PORT");
        }
        if (!name.equals(TCP) && !options.isEmpty()) {
            throw usage("--connect-tcp and --listen-tcp go with --tun tcp, not with --tun " + name);
        }
        builder.tun(name).tun(new TunConfig(role, Optional.empty(), List.of(), mtuBytes, false, options));
    }
}
