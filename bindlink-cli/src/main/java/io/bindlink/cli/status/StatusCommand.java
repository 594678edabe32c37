package io.bindlink.cli.status;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.bindlink.cli.StopSignal;
import io.bindlink.cli.control.ControlClient;
import io.bindlink.cli.terminal.Bar;
import io.bindlink.cli.terminal.Screen;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bindlink status}: what a running node does, asked over its control socket. */
@Command(name = "status", description = "Shows what a running master or slave does.", mixinStandardHelpOptions = true)
public final class StatusCommand implements Callable<Integer> {
    private static final long WATCH_MILLIS = 1000;
    private static final long RATE_MILLIS = 500;
    private static final int DEGRADED = 10;
    private static final int DOWN = 11;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "The node's control socket. Default: that of the one node that runs.")
    private @Nullable Path socket;

    @Option(names = "--json", description = "Print JSON, one object; with --watch one a line.")
    private boolean json;

    @Option(names = "--watch", description = "Show it anew each second, until Ctrl-C.")
    private boolean watch;

    @Option(
            names = "--exit-code",
            description = "End with 0 when the bond is up, 10 when it is degraded, 11 when it is down.")
    private boolean exitCode;

    /** Made by picocli. */
    public StatusCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!watch) {
            return show();
        }
        StopSignal stop = StopSignal.await(); // Ctrl-C is how a watch is meant to end
        try {
            return show();
        } finally {
            stop.release();
        }
    }

    private int show() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Screen screen = new Screen(out, Screen.onTerminal(System.getenv()));
        StatusTable table = new StatusTable(Bar.ofTerminal(), ZoneId.systemDefault());
        Gson gson = watch ? new Gson() : new GsonBuilder().setPrettyPrinting().create();
        try (ControlClient node = ControlClient.open(socket)) {
            ask(node);
            Thread.sleep(RATE_MILLIS); // rates are those since somebody asked
            JsonObject status = ask(node);
            while (watch) {
                show(screen, table, gson, status);
                Thread.sleep(WATCH_MILLIS);
                status = ask(node);
            }
            show(screen, table, gson, status);
            return exitCode ? exitCode(status.get("health").getAsString()) : 0;
        }
    }

    private static JsonObject ask(ControlClient node) {
        return node.askFor(ControlClient.request("status")).getAsJsonObject("status");
    }

    private void show(Screen screen, StatusTable table, Gson gson, JsonObject status) {
        if (json) {
            screen.line(gson.toJson(status));
        } else if (watch && screen.terminal()) {
            screen.redraw(table.lines(status));
        } else if (watch) {
            screen.line(table.line(status));
        } else {
            table.lines(status).forEach(screen::line);
        }
    }

    private static int exitCode(String health) {
        return switch (health) {
            case "up" -> 0;
            case "degraded" -> DEGRADED;
            default -> DOWN;
        };
    }
}
