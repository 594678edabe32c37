package io.bindlink.cli;

import io.bindlink.core.Providers;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bindlink list}: the tun devices, UDP sockets, schedulers and multiplexers there are to choose from. */
@Command(
        name = "list",
        description =
                "Lists the tun devices, UDP sockets, schedulers and multiplexers found, and which jar each is from.",
        mixinStandardHelpOptions = true)
public final class ListCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final PluginOptions plugins = new PluginOptions();

    /** Made by picocli. */
    public ListCommand() {}

    @Override
    public Integer call() {
        print("tun devices (--tun)", Providers.tunDevices(plugins.loaders()), tun -> remark(tun.unsupported()));
        print("UDP sockets (--udp)", Providers.udpSockets(plugins.loaders()), udp -> remark(udp.unsupported()));
        print("schedulers (--scheduler)", Providers.schedulers(plugins.loaders()), scheduler -> "");
        print("multiplexers (--multiplexer)", Providers.multiplexers(plugins.loaders()), multiplexer -> "");
        PrintWriter err = spec.commandLine().getErr();
        plugins.complaints().forEach(complaint -> err.println(Failures.line(complaint)));
        return 0;
    }

    private static String remark(Optional<String> unsupported) {
        return unsupported.map(why -> "cannot work here: " + why).orElse("");
    }

    private <P> void print(String title, Providers<P> providers, Function<P, String> remark) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(title);
        new TreeMap<>(providers.byName())
                .forEach((name, provider) -> out.println(String.format(
                                Locale.ROOT,
                                "  %-16s %-20s %s",
                                name,
                                PluginOptions.origin(provider),
                                remark.apply(provider))
                        .stripTrailing()));
    }
}
