package io.bindlink.cli.status;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.bindlink.api.Efficiency;
import io.bindlink.api.Event;
import io.bindlink.api.LinkStats;
import io.bindlink.api.LinkStatus;
import io.bindlink.api.Status;
import java.util.Locale;

/**
 * A node's status as JSON, the same for {@code status --json}, the control socket and the web page. Fields are named like the
 * metrics; docs/status.md lists them.
 */
public final class StatusJson {
    /** Grows when a field changes its meaning or goes; new fields may come without. */
    public static final int SCHEMA = 1;

    private StatusJson() {}

    /**
     * Prints a status.
     *
     * @param status a node's
     * @return an object of its own
     */
    public static JsonObject of(Status status) {
        JsonObject json = new JsonObject();
        json.addProperty("schema", SCHEMA);
        json.addProperty("role", lower(status.stats().role()));
        json.addProperty("health", lower(status.health()));
        json.addProperty("session_up", status.stats().sessionUp());
        json.addProperty("sessions", status.stats().sessions());
        json.addProperty("device", status.device());
        json.addProperty("uptime_seconds", status.uptime().toMillis() / 1e3);
        json.addProperty("receive_bytes_per_second", status.receivedBytesPerSecond());
        json.addProperty("transmit_bytes_per_second", status.sentBytesPerSecond());
        json.add("efficiency", efficiency(status.stats().efficiency()));
        JsonArray links = new JsonArray();
        status.links().forEach(link -> links.add(link(link)));
        json.add("links", links);
        JsonArray events = new JsonArray();
        status.events().forEach(each -> events.add(event(each)));
        json.add("events", events);
        return json;
    }

    private static JsonObject efficiency(Efficiency efficiency) {
        JsonObject json = new JsonObject();
        json.addProperty("capacity_bytes", efficiency.capacityBytes());
        JsonObject shares = new JsonObject();
        for (Efficiency.Cause cause : Efficiency.Cause.values()) {
            shares.addProperty(cause.label(), rounded(efficiency.share(cause)));
        }
        json.add("shares", shares);
        return json;
    }

    private static JsonObject link(LinkStatus status) {
        LinkStats link = status.stats();
        JsonObject json = new JsonObject();
        json.addProperty("id", link.id().value());
        json.addProperty("uri", link.uri().toString());
        json.addProperty("type", link.uri().scheme().toString());
        json.addProperty("state", lower(link.state()));
        json.addProperty("reason", link.reason());
        json.addProperty("receive_bytes_per_second", status.receivedBytesPerSecond());
        json.addProperty("transmit_bytes_per_second", status.sentBytesPerSecond());
        json.addProperty("estimated_capacity_bytes_per_second", link.rateBytesPerSecond());
        if (link.rttNanos() > 0) {
            json.addProperty("smoothed_rtt_seconds", seconds(link.rttNanos()));
            json.addProperty("min_rtt_seconds", seconds(link.minRttNanos()));
        }
        json.addProperty("jitter_seconds", seconds(link.jitterNanos()));
        json.addProperty("relative_delay_seconds", seconds(link.relativeDelayNanos()));
        json.addProperty("loss_ratio", rounded(status.lossRatio()));
        json.addProperty("share", rounded(status.share()));
        json.addProperty("queued_bytes", link.queuedBytes());
        json.addProperty("inflight_bytes", link.inFlightBytes());
        json.addProperty("max_payload_bytes", link.maxPayloadBytes());
        json.addProperty("receive_bytes", link.receivedBytes());
        json.addProperty("receive_packets", link.receivedPackets());
        json.addProperty("transmit_bytes", link.sentBytes());
        json.addProperty("transmit_packets", link.sentPackets());
        json.addProperty("lost_packets", link.lostPackets());
        return json;
    }

    private static JsonObject event(Status.Happening happening) {
        JsonObject json = new JsonObject();
        json.addProperty("time", happening.at().toString());
        json.addProperty("kind", kind(happening.event()));
        json.addProperty("text", happening.event().toString());
        return json;
    }

    private static String kind(Event event) {
        if (event instanceof Event.LinkChanged) {
            return "link_changed";
        }
        if (event instanceof Event.SessionStarted) {
            return "session_started";
        }
        if (event instanceof Event.SessionEnded) {
            return "session_ended";
        }
        if (event instanceof Event.FellBack) {
            return "fell_back";
        }
        if (event instanceof Event.KeysRenewed) {
            return "keys_renewed";
        }
        if (event instanceof Event.Refused) {
            return "refused";
        }
        return event instanceof Event.Unanswered ? "unanswered" : "closed";
    }

    private static double seconds(long nanos) {
        return Math.round(nanos / 1e3) * 1e3 / MetricTable.NANOS_PER_SECOND; // microseconds are fine enough
    }

    private static double rounded(double ratio) {
        return Math.round(ratio * 1e4) / 1e4;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
