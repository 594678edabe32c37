package io.bindlink.cli.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bindlink.api.BindlinkException;
import io.bindlink.api.Link;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkUri;
import io.bindlink.api.Role;
import io.bindlink.cli.status.StatusJson;
import io.bindlink.core.Bindlink;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a running node does when asked over its control socket. A request is {@code {"command": ...}}; an answer has {@code
 * "ok"}, and {@code "error"} and {@code "code"} when that is false. Thread-safe.
 */
public final class Control {
    /** Set in an answer when a request must be repeated with {@code "force": true}. */
    static final String NEEDS_FORCE = "needs_force";

    private final Bindlink node;
    private final Consumer<LinkUri> beforeAdding;

    /**
     * Control over a node.
     *
     * @param node a running one
     * @param beforeAdding hears of each link before it is made
     */
    public Control(Bindlink node, Consumer<LinkUri> beforeAdding) {
        this.node = node;
        this.beforeAdding = beforeAdding;
    }

    /** Does what is asked for. */
    JsonObject answer(JsonObject request) {
        return switch (text(request, "command")) {
            case "status" -> status();
            case "add" -> add(request);
            case "remove" -> change(request, true, Link::close);
            case "pause" -> change(request, true, Link::pause);
            case "resume" -> change(request, false, Link::resume);
            default ->
                refusal(
                        BindlinkException.Code.USAGE,
                        "unknown command '" + text(request, "command")
                                + "'; known are status, add, remove, pause and resume");
        };
    }

    private JsonObject status() {
        JsonObject answer = done();
        answer.add("status", StatusJson.of(node.status()));
        return answer;
    }

    private JsonObject add(JsonObject request) {
        if (node.role() == Role.MASTER) {
            throw usage("a master learns its links from its slave; add the link there");
        }
        LinkUri uri = LinkUri.parse(text(request, "link"));
        if (request.has("password")) {
            uri = uri.withPassword(text(request, "password"));
        }
        for (Link link : node.linkMap().links()) {
            if (link.uri().equals(uri)) {
                throw usage("link " + link.id() + " (" + uri + ") is there already");
            }
        }
        beforeAdding.accept(uri);
        return linked(node.linkMap().initiateLink(uri));
    }

    private interface Change {
        void to(Link link);
    }

    private JsonObject change(JsonObject request, boolean takesAway, Change change) {
        List<Link> links = node.linkMap().links();
        Link link = find(links, text(request, "link"));
        boolean forced = request.has("force") && request.get("force").getAsBoolean();
        if (takesAway && !forced && isLast(link, links)) {
            JsonObject refusal = refusal(
                    BindlinkException.Code.USAGE,
                    "link " + link.id() + " (" + link.uri()
                            + ") is the last one that works: without it nothing passes");
            refusal.addProperty(NEEDS_FORCE, true);
            return refusal;
        }
        change.to(link);
        return linked(link);
    }

    /** Whether nothing passes any more without it: no other link carries packets, and it does or is the only one. */
    private static boolean isLast(Link link, List<Link> links) {
        boolean othersCarry = links.stream().anyMatch(other -> other != link && carries(other));
        return !othersCarry && (carries(link) || links.size() == 1);
    }

    private static boolean carries(Link link) {
        return link.state() == LinkState.UP || link.state() == LinkState.SUSPECT;
    }

    /** The link with this number or URI. */
    private static Link find(List<Link> links, String text) {
        return links.stream()
                .filter(link -> link.id().toString().equals(text)
                        || link.uri().toString().equals(text))
                .findFirst()
                .orElseThrow(
                        () -> usage("there is no link '" + text + "'; 'bindlink link list' shows those there are"));
    }

    private static JsonObject linked(Link link) {
        JsonObject answer = done();
        answer.addProperty("id", link.id().value());
        answer.addProperty("uri", link.uri().toString());
        return answer;
    }

    private static JsonObject done() {
        JsonObject answer = new JsonObject();
        answer.addProperty("ok", true);
        return answer;
    }

    static JsonObject refusal(BindlinkException.Code code, String message) {
        JsonObject answer = new JsonObject();
        answer.addProperty("ok", false);
        answer.addProperty("code", code.name());
        answer.addProperty("error", message);
        return answer;
    }

    private static String text(JsonObject request, String key) {
        JsonElement value = request.get(key);
        if (value == null || !value.isJsonPrimitive()) {
            throw usage("the request lacks '" + key + "'");
        }
        return value.getAsString();
    }

    private static BindlinkException usage(String message) {
        return new BindlinkException(BindlinkException.Code.USAGE, message);
    }
}
