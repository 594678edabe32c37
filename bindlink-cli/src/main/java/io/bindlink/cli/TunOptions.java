package io.bindlink.cli;

import io.bindlink.api.Role;
import io.bindlink.api.TunConfig;
import io.bindlink.core.BindlinkBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say what stands between bond and system. Confined to its command. */
final class TunOptions {
    private static final String TCP = "tcp";
    private static final String DEFAULT_DEVICE = "bindlink0"; // these two as bindlink-tun-jna has them
    private static final String DEFAULT_NETWORK = "10.10.10.0/30";

    @Option(
            names = "--tun",
            paramLabel = "NAME",
            description = "What stands between bond and system: jna (a tun device, the default), tcp (no root), or a"
                    + " plugin's.")
    private @Nullable String tun;

    @Option(
            names = "--tun-name",
            paramLabel = "NAME",
            description = "Name of the tun device. Default: bindlink0, or by the next number that is free.")
    private @Nullable String deviceName;

    @Option(
            names = "--tun-address",
            paramLabel = "ADDRESS/LENGTH",
            description = "Address of the tun device; may be repeated. Default: 10.10.10.1/30 for the master,"
                    + " 10.10.10.2/30 for the slave.")
    private List<String> addresses = List.of();

    @Option(
            names = "--mtu",
            paramLabel = "BYTES",
            description =
                    "Largest packet that goes in, 576..65535. Default: ${DEFAULT-VALUE}, which fits one datagram.")
    private int mtuBytes = TunConfig.DEFAULT_MTU_BYTES;

    @Option(
            names = "--no-offload",
            description = "No segmentation offload in the tun device: it reads and writes packets one by one.")
    private boolean noOffload;

    @Mixin
    private final TcpOptions tcp = new TcpOptions();

    TunOptions() {}

    /** Puts the options into a builder. */
    void apply(BindlinkBuilder builder, Role role) {
        if (mtuBytes < 576 || mtuBytes > 65_535) {
            throw NodeOptions.usage("--mtu " + mtuBytes + " is not in 576..65535");
        }
        Map<String, List<String>> settings = tcp.settings();
        String name = tun != null ? tun : settings.isEmpty() ? BindlinkBuilder.DEFAULT_TUN : TCP;
        if (name.equals(TCP)) {
            if (settings.isEmpty()) {
                throw NodeOptions.usage("--tun tcp needs " + TcpOptions.NAMES);
            }
            if (deviceName != null || !addresses.isEmpty()) {
                throw NodeOptions.usage("--tun-name and --tun-address go with a tun device, not with --tun tcp");
            }
        } else if (!settings.isEmpty()) {
            throw NodeOptions.usage(TcpOptions.NAMES + " go with --tun tcp, not with --tun " + name);
        }
        builder.tun(name)
                .tun(new TunConfig(role, Optional.ofNullable(deviceName), addresses, mtuBytes, !noOffload, settings));
    }

    boolean isTcp() {
        return tun == null ? !tcp.settings().isEmpty() : tun.equals(TCP);
    }

    /** The device's name, or the one it gets if that is free. */
    String deviceName() {
        return deviceName == null ? DEFAULT_DEVICE : deviceName;
    }

    /** The bond's inner networks. */
    List<String> networks() {
        return addresses.isEmpty() ? List.of(DEFAULT_NETWORK) : addresses;
    }
}
