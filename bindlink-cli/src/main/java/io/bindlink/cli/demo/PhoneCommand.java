package io.bindlink.cli.demo;

import io.bindlink.api.BindlinkException;
import io.bindlink.cli.IpLiteral;
import io.bindlink.cli.StopSignal;
import java.io.PrintWriter;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bindlink phone}: one emulated phone in a process of its own, for docs/lab. */
@Command(
        name = "phone",
        hidden = true, // a tool for measuring: promised to nobody
        description = "Runs an emulated phone: a SOCKS5 server whose way out has a rate, a delay and losses.",
        mixinStandardHelpOptions = true)
public final class PhoneCommand implements Callable<Integer> {
    private static final int MAX_MILLIS = 60_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--listen",
            required = true,
            paramLabel = "ADDR:PORT",
            description = "Where the SOCKS5 server is, an IPv4 address. On loopback it reaches nothing beyond it.")
    private String listen = "";

    @Option(
            names = "--rate",
            required = true,
            paramLabel = "MBIT",
            description = "Mbit/s each way, IP and UDP headers included.")
    private double rateMbit;

    @Option(names = "--delay", paramLabel = "MS", description = "Time in the air, one way. Default: ${DEFAULT-VALUE}.")
    private int delayMillis = 0;

    @Option(
            names = "--loss",
            paramLabel = "PERCENT",
            description = "Of the packets, each way. Default: ${DEFAULT-VALUE}.")
    private double lossPercent = 0;

    @Option(
            names = "--queue-ms",
            paramLabel = "MS",
            description =
                    "How long a full queue delays. Default: 0, which is 100 or the round trip, if that is longer.")
    private int queueMillis = 0;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Where chance begins: who is lost in the air. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    /** Made by picocli. */
    public PhoneCommand() {}

    @Override
    public Integer call() throws Exception {
        PhoneModel model = model();
        InetSocketAddress address = address();
        PrintWriter out = spec.commandLine().getOut();
        StopSignal stop = StopSignal.await();
        try (Air air = new Air(List.of(model), seed, address)) {
            stop.closes(air);
            out.printf(
                    Locale.ROOT,
                    "%s listens on %s:%d%n",
                    model,
                    address.getAddress().getHostAddress(),
                    air.phones().get(0).port());
            air.awaitEnd();
            if (!air.failure().isEmpty()) {
                throw new BindlinkException(BindlinkException.Code.RUNTIME, air.failure());
            }
            return 0;
        } finally {
            stop.release();
        }
    }

    private PhoneModel model() {
        check("--rate", rateMbit, 0.01, 10_000);
        check("--delay", delayMillis, 0, MAX_MILLIS);
        check("--loss", lossPercent, 0, 100);
        check("--queue-ms", queueMillis, 0, MAX_MILLIS);
        return new PhoneModel("phone", rateMbit, 2 * delayMillis, 0, lossPercent / 100, queueMillis);
    }

    private InetSocketAddress address() {
        int colon = listen.lastIndexOf(':');
        try {
            int port = Integer.parseInt(listen.substring(colon + 1));
            if (colon > 0 && port >= 0 && port <= 65_535) {
                return IpLiteral.parse(listen.substring(0, colon))
                        .filter(Inet4Address.class::isInstance)
                        .map(host -> new InetSocketAddress(host, port))
                        .orElseThrow(() -> usage("--listen '" + listen + "': the address must be an IPv4 one"));
            }
        } catch (NumberFormatException e) {
            // the same complaint
        }
        throw usage("--listen '" + listen + "': write ADDR:PORT, the port in 0..65535");
    }

    private static void check(String option, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw usage(String.format(Locale.ROOT, "%s %s is not in %s..%s", option, value, least, most));
        }
    }

    private static BindlinkException usage(String complaint) {
        return new BindlinkException(BindlinkException.Code.USAGE, complaint);
    }
}
