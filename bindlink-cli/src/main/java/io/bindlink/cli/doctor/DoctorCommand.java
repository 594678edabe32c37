package io.bindlink.cli.doctor;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.bindlink.cli.join.MasterKey;
import io.bindlink.cli.route.Leftovers;
import java.io.PrintWriter;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bindlink doctor}: what on this machine would stand in the way. Changes nothing and sends nothing. */
@Command(
        name = "doctor",
        description = "Looks for what on this machine would stand in the way. Changes nothing, sends nothing.",
        mixinStandardHelpOptions = true)
public final class DoctorCommand implements Callable<Integer> {
    private static final int WARNINGS = 10;
    private static final int FAILURES = 11;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "A key to look at. Default: the one a master made for itself, if there is one.")
    private @Nullable Path keyFile;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description =
                    "The control socket of a node to ask what its links carry. Default: that of the one node that runs.")
    private @Nullable Path socket;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    /** Made by picocli. */
    public DoctorCommand() {}

    @Override
    public Integer call() {
        List<Finding> findings = findings();
        Finding.Verdict worst = Finding.worst(findings);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            JsonObject all = new JsonObject();
            all.addProperty("schema", 1);
            all.addProperty("verdict", worst.name().toLowerCase(Locale.ROOT));
            all.add("findings", Finding.json(findings));
            out.println(new GsonBuilder()
                    .setPrettyPrinting()
                    .disableHtmlEscaping()
                    .create()
                    .toJson(all));
        } else {
            findings.forEach(out::println);
        }
        return switch (worst) {
            case OK -> 0;
            case WARNING -> WARNINGS;
            case FAILURE -> FAILURES;
        };
    }

    private List<Finding> findings() {
        Machine machine = new Machine(Path.of("/"));
        List<NetworkInterface> interfaces = Networks.interfaces();
        List<Finding> findings = new ArrayList<>();
        findings.add(machine.permission());
        findings.add(machine.tun());
        Path key = keyFile != null ? keyFile : MasterKey.own().file();
        if (keyFile != null || Files.exists(key)) {
            findings.add(machine.key(key));
        }
        findings.add(machine.program("ip", "iproute2", "--route"));
        findings.add(machine.program("nft", "nftables", "--nat"));
        findings.add(machine.forwarding());
        findings.addAll(machine.reversePath());
        findings.addAll(Networks.clashes(Networks.of(interfaces)));
        findings.addAll(Networks.mtus(interfaces));
        findings.addAll(RunningLinks.mtus(socket));
        int left = Leftovers.count();
        findings.add(
                left == 0
                        ? Finding.ok("leftovers", "no routes of a killed process are left")
                        : Finding.warning(
                                "leftovers",
                                left + " routing rules of killed processes are left",
                                "the next start of a master or slave takes them away"));
        return findings;
    }
}
