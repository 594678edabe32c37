package io.bindlink.cli.doctor;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.bindlink.api.BindlinkException;
import io.bindlink.api.LinkUri;
import io.bindlink.cli.LinkList;
import io.bindlink.cli.LogLevel;
import io.bindlink.cli.join.JoinOptions;
import io.bindlink.core.Bindlink;
import io.bindlink.core.BindlinkBuilder;
import io.bindlink.core.JoinLine;
import io.bindlink.core.PresharedKey;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bindlink probe}: what one phone or line can do, step by step. */
@Command(
        name = "probe",
        description = "Finds out what one phone or line can do, step by step, with 2 MB at most.",
        mixinStandardHelpOptions = true)
public final class ProbeCommand implements Callable<Integer> {
    private static final int WARNINGS = 10;
    private static final int FAILURES = 11;
    private static final int MOST_IDLE_SECONDS = 3600;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "URI", description = "The link, such as socks5://192.168.43.1:1080.")
    @SuppressWarnings("NullAway.Init") // required
    private String uri;

    @Mixin
    private final JoinOptions join = new JoinOptions();

    @Option(names = "--key-file", paramLabel = "FILE", description = "The key, where there is no join line.")
    private @Nullable Path keyFile;

    @Option(
            names = "--proxy-target",
            paramLabel = "HOST:PORT",
            description = "The master, where there is no join line.")
    private @Nullable String proxyTarget;

    @Option(
            names = "--idle",
            paramLabel = "SECONDS",
            description = "The longest silence to try, 1 to 3600; 0: none. Default: ${DEFAULT-VALUE}.")
    private int idleSeconds = 30;

    @Option(names = "--json", description = "Print JSON, when all is done.")
    private boolean json;

    /** Made by picocli. */
    public ProbeCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        LogLevel.ERROR.apply(); // the findings tell it all
        if (idleSeconds < 0 || idleSeconds > MOST_IDLE_SECONDS) {
            throw new BindlinkException(
                    BindlinkException.Code.USAGE, "--idle " + idleSeconds + " is not in 0.." + MOST_IDLE_SECONDS);
        }
        LinkUri link = new LinkList(null).link(uri);
        PrintWriter out = spec.commandLine().getOut();
        List<Finding> findings = new ArrayList<>(probe(link, out));
        Finding.Verdict worst = Finding.worst(findings);
        String use = uri;
        if (worst == Finding.Verdict.FAILURE && mayDoByTcp(link, findings)) {
            tell(findings, Finding.ok("tcp", "the same proxy, asked to pass on TCP instead:"), out);
            List<Finding> byTcp = probe(link.overTcp(), out);
            findings.addAll(byTcp);
            if (Finding.worst(byTcp) != Finding.Verdict.FAILURE) {
                worst = Finding.Verdict.WARNING; // it works, and not as well as it could
                use = LinkUri.Scheme.SOCKS5_TCP + uri.substring(uri.indexOf("://"));
            }
        }
        boolean usable = worst != Finding.Verdict.FAILURE;
        String verdict = usable ? "use it: --link " + use : "it cannot be used as it is";
        if (json) {
            JsonObject all = new JsonObject();
            all.addProperty("schema", 1);
            all.addProperty("uri", (use.equals(uri) ? link : link.overTcp()).toString());
            all.addProperty("usable", usable);
            all.addProperty("verdict", worst.name().toLowerCase(Locale.ROOT));
            all.add("steps", Finding.json(findings));
            out.println(new GsonBuilder()
                    .setPrettyPrinting()
                    .disableHtmlEscaping()
                    .create()
                    .toJson(all));
        } else {
            out.println(verdict);
        }
        return switch (worst) {
            case OK -> 0;
            case WARNING -> WARNINGS;
            case FAILURE -> FAILURES;
        };
    }

    private List<Finding> probe(LinkUri link, PrintWriter out) throws InterruptedException {
        boolean mapped = link.scheme() == LinkUri.Scheme.UDP || link.scheme() == LinkUri.Scheme.SOCKS5;
        IdleProbe idle = idleSeconds > 0 && mapped
                ? new IdleProbe(link, master(), key(), Duration.ofSeconds(idleSeconds))
                : null;
        return new LinkProbe(link, idle, finding -> show(finding, out)).run(builder());
    }

    private void tell(List<Finding> findings, Finding finding, PrintWriter out) {
        findings.add(finding);
        show(finding, out);
    }

    private void show(Finding finding, PrintWriter out) {
        if (!json) {
            out.println(finding);
            out.flush();
        }
    }

    /** Whether the proxy is there and lets us in, but datagrams do not get through it. */
    private static boolean mayDoByTcp(LinkUri link, List<Finding> findings) {
        String failed = findings.get(findings.size() - 1).check();
        return link.scheme() == LinkUri.Scheme.SOCKS5
                && (failed.equals(LinkProbe.ASSOCIATE) || failed.equals(LinkProbe.MASTER));
    }

    private BindlinkBuilder builder() {
        BindlinkBuilder builder = Bindlink.slave().key(key());
        master().ifPresent(builder::proxyTarget);
        return builder;
    }

    private PresharedKey key() {
        return keyFile != null ? PresharedKey.read(keyFile) : line().key();
    }

    /** The master as proxies see it. */
    private Optional<String> master() {
        return Optional.ofNullable(proxyTarget)
                .or(() -> keyFile != null ? Optional.empty() : Optional.of(line().master()));
    }

    private JoinLine line() {
        return join.line()
                .orElseThrow(() -> new BindlinkException(
                        BindlinkException.Code.USAGE,
                        "a probe needs the line that the master prints: --join LINE, --join-file FILE or"
                                + " BINDLINK_JOIN in the environment; or --key-file FILE"));
    }
}
