package io.bindlink.cli.control;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bindlink.api.BindlinkException;
import io.bindlink.api.LinkUri;
import io.bindlink.cli.LinkList;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code bindlink link}: the links of a running node, asked for and changed over its control socket. */
@Command(
        name = "link",
        description = "Lists, adds, removes, pauses and resumes links of a running node.",
        mixinStandardHelpOptions = true)
public final class LinkCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--socket",
            scope = ScopeType.INHERIT,
            paramLabel = "PATH",
            description = "The node's control socket. Default: that of the one node that runs.")
    private @Nullable Path socket;

    /** Made by picocli. */
    public LinkCommand() {}

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing: link list, add URI, remove LINK, pause LINK or resume LINK");
    }

    @Command(name = "list", description = "Lists the links.", mixinStandardHelpOptions = true)
    int list(@Option(names = "--json", description = "Print JSON, an array.") boolean json) throws IOException {
        try (ControlClient node = ControlClient.open(socket)) {
            JsonArray links = node.askFor(ControlClient.request("status"))
                    .getAsJsonObject("status")
                    .getAsJsonArray("links");
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(new GsonBuilder().setPrettyPrinting().create().toJson(links));
                return 0;
            }
            for (JsonElement each : links) {
                JsonObject link = each.getAsJsonObject();
                out.println(String.format(
                                Locale.ROOT,
                                "%4s  %-10s  %s  %s",
                                text(link, "id"),
                                text(link, "state").toUpperCase(Locale.ROOT),
                                text(link, "uri"),
                                text(link, "reason"))
                        .stripTrailing());
            }
            return 0;
        }
    }

    @Command(
            name = "add",
            description = "Adds a link to a slave. A password file is read here and now.",
            mixinStandardHelpOptions = true)
    int add(@Parameters(paramLabel = "URI", description = "Such as socks5://192.168.43.1:1080.") String uri)
            throws IOException {
        JsonObject request = ControlClient.request("add");
        LinkUri link = new LinkList(null).link(uri);
        request.addProperty("link", uri);
        link.password().ifPresent(password -> request.addProperty("password", password));
        try (ControlClient node = ControlClient.open(socket)) {
            say(node.askFor(request), "added");
            return 0;
        }
    }

    @Command(
            name = "remove",
            description = "Removes a link for good. The last one that works only after a question.",
            mixinStandardHelpOptions = true)
    int remove(
            @Parameters(paramLabel = "LINK", description = "Its number, or its URI as listed.") String link,
            @Option(names = "--yes", description = "Ask nothing.") boolean yes)
            throws IOException {
        return change("remove", "removed", link, yes);
    }

    @Command(
            name = "pause",
            description = "Takes a link out of use; it stays connected. The last one that works only after a question.",
            mixinStandardHelpOptions = true)
    int pause(
            @Parameters(paramLabel = "LINK", description = "Its number, or its URI as listed.") String link,
            @Option(names = "--yes", description = "Ask nothing.") boolean yes)
            throws IOException {
        return change("pause", "paused", link, yes);
    }

    @Command(name = "resume", description = "Puts a paused link into use again.", mixinStandardHelpOptions = true)
    int resume(@Parameters(paramLabel = "LINK", description = "Its number, or its URI as listed.") String link)
            throws IOException {
        return change("resume", "resumed", link, true);
    }

    private int change(String command, String done, String link, boolean yes) throws IOException {
        JsonObject request = ControlClient.request(command);
        request.addProperty("link", link);
        request.addProperty("force", yes);
        try (ControlClient node = ControlClient.open(socket)) {
            JsonObject answer = node.ask(request);
            if (answer.has(Control.NEEDS_FORCE)) {
                confirm(text(answer, "error"));
                request.addProperty("force", true);
                answer = node.ask(request);
            }
            if (!answer.get("ok").getAsBoolean()) {
                throw ControlClient.refused(answer);
            }
            say(answer, done);
            return 0;
        }
    }

    /** Goes on only if somebody is there and says yes. */
    @SuppressWarnings(
            "SystemConsoleNull") // without a console nobody can answer, and a JDK without terminal reads an end
    private static void confirm(String what) {
        Console console = System.console();
        if (console == null) {
            throw new BindlinkException(BindlinkException.Code.USAGE, what + "; if you mean it, add --yes");
        }
        String answer = console.readLine("%s. Go on? [y/N] ", what);
        if (answer == null || !answer.strip().toLowerCase(Locale.ROOT).startsWith("y")) {
            throw new BindlinkException(BindlinkException.Code.RUNTIME, "nothing was changed");
        }
    }

    private void say(JsonObject answer, String done) {
        spec.commandLine().getOut().println("link " + text(answer, "id") + " (" + text(answer, "uri") + ") " + done);
    }

    private static String text(JsonObject json, String key) {
        return json.get(key).getAsString();
    }
}
