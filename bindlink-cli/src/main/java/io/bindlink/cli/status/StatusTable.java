package io.bindlink.cli.status;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bindlink.cli.terminal.Bar;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A status as people read it, from its JSON: that of another version may have more, and less, than this one knows. Immutable. */
final class StatusTable {
    private static final double MBIT_PER_BYTE = 8e-6;
    private static final int BAR_CELLS = 12;
    private static final int EVENTS = 6;
    private static final double WORTH_A_WORD = 0.005;
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final Bar bar;
    private final ZoneId zone;

    StatusTable(Bar bar, ZoneId zone) {
        this.bar = bar;
        this.zone = zone;
    }

    /** The whole table. */
    List<String> lines(JsonObject status) {
        List<String> lines = new ArrayList<>();
        lines.add(headline(status));
        lines.add("");
        JsonArray links = status.getAsJsonArray("links");
        if (links.isEmpty()) {
            lines.add(
                    text(status, "role").equals("master")
                            ? "no links yet: no slave has reached this master"
                            : "no links");
        } else {
            int width = viaWidth(links);
            lines.add(format(
                    " %4s  %-" + width + "s  %-10s %7s %7s %7s %7s %6s %8s  %s",
                    "LINK",
                    "VIA",
                    "STATE",
                    "IN",
                    "OUT",
                    "RTT",
                    "+DELAY",
                    "LOSS",
                    "QUEUE",
                    "SHARE"));
            lines.add(format(
                            " %4s  %-" + width + "s  %-10s %7s %7s %7s %7s %6s %8s",
                            "",
                            "",
                            "",
                            "Mbit/s",
                            "Mbit/s",
                            "ms",
                            "ms",
                            "%",
                            "kB")
                    .stripTrailing());
            links.forEach(link -> lines.add(row(link.getAsJsonObject(), width)));
            lines.add(format(
                    " %4s  %-" + width + "s  %-10s %7.2f %7.2f",
                    "all",
                    "",
                    "",
                    mbit(status, "receive_bytes_per_second"),
                    mbit(status, "transmit_bytes_per_second")));
            reasons(links, lines);
        }
        lines.add("");
        lines.add(efficiency(status.getAsJsonObject("efficiency")));
        addEvents(status.getAsJsonArray("events"), lines);
        return lines;
    }

    /** The same on one line. */
    String line(JsonObject status) {
        StringBuilder line = new StringBuilder(160);
        line.append(format(
                "%s %s  in %.2f out %.2f Mbit/s",
                text(status, "role"),
                text(status, "health"),
                mbit(status, "receive_bytes_per_second"),
                mbit(status, "transmit_bytes_per_second")));
        for (JsonElement each : status.getAsJsonArray("links")) {
            JsonObject link = each.getAsJsonObject();
            line.append(format(
                    " | link %s %s in %.2f out %.2f rtt %s ms loss %.1f %%",
                    text(link, "id"),
                    text(link, "state"),
                    mbit(link, "receive_bytes_per_second"),
                    mbit(link, "transmit_bytes_per_second"),
                    millis(link, "smoothed_rtt_seconds").strip(),
                    100 * number(link, "loss_ratio")));
        }
        return line.toString();
    }

    private static String headline(JsonObject status) {
        long seconds = (long) number(status, "uptime_seconds");
        return format(
                "%s is %s   session %s   running for %d:%02d:%02d   device %s",
                text(status, "role"),
                text(status, "health").toUpperCase(Locale.ROOT),
                status.get("session_up").getAsBoolean() ? "up" : "down",
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60,
                text(status, "device"));
    }

    private static int viaWidth(JsonArray links) {
        int width = 3;
        for (JsonElement link : links) {
            width = Math.max(width, text(link.getAsJsonObject(), "uri").length());
        }
        return width;
    }

    private String row(JsonObject link, int width) {
        double share = number(link, "share");
        return format(
                " %4s  %-" + width + "s  %-10s %7.2f %7.2f %7s %7s %6.1f %8.1f  %s %3.0f %%",
                text(link, "id"),
                text(link, "uri"),
                text(link, "state").toUpperCase(Locale.ROOT),
                mbit(link, "receive_bytes_per_second"),
                mbit(link, "transmit_bytes_per_second"),
                millis(link, "smoothed_rtt_seconds"),
                millis(link, "relative_delay_seconds"),
                100 * number(link, "loss_ratio"),
                number(link, "queued_bytes") / 1e3,
                bar.draw(share, BAR_CELLS),
                100 * share);
    }

    private static void reasons(JsonArray links, List<String> lines) {
        for (JsonElement each : links) {
            JsonObject link = each.getAsJsonObject();
            if (!text(link, "reason").isEmpty()) {
                lines.add(" link " + text(link, "id") + ": " + text(link, "reason"));
            }
        }
    }

    private static String efficiency(JsonObject efficiency) {
        List<String> causes = new ArrayList<>();
        for (Map.Entry<String, JsonElement> cause :
                efficiency.getAsJsonObject("shares").entrySet()) {
            double share = cause.getValue().getAsDouble();
            if (share >= WORTH_A_WORD) {
                causes.add(format("%s %.0f %%", cause.getKey().replace('_', ' '), 100 * share));
            }
        }
        return "where the capacity to send went, last 10 s: "
                + (causes.isEmpty() ? "nothing measured yet" : String.join(", ", causes));
    }

    private void addEvents(JsonArray events, List<String> lines) {
        for (int i = Math.max(0, events.size() - EVENTS); i < events.size(); i++) {
            JsonObject event = events.get(i).getAsJsonObject();
            String clock = CLOCK.format(Instant.parse(text(event, "time")).atZone(zone));
            lines.add(clock + "  " + text(event, "text"));
        }
    }

    private static String millis(JsonObject json, String key) {
        return json.has(key) ? format("%.1f", 1e3 * number(json, key)) : "-";
    }

    private static double mbit(JsonObject json, String key) {
        return number(json, key) * MBIT_PER_BYTE;
    }

    private static double number(JsonObject json, String key) {
        return json.has(key) ? json.get(key).getAsDouble() : 0;
    }

    private static String text(JsonObject json, String key) {
        return json.has(key) ? json.get(key).getAsString() : "";
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
