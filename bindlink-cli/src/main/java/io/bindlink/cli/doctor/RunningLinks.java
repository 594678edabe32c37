package io.bindlink.cli.doctor;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bindlink.api.BindlinkException;
import io.bindlink.cli.control.ControlClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the node that runs here has found its links to carry, as it tells over its control socket. */
final class RunningLinks {
    private static final String CHECK = "link mtu";
    private static final int SMALL_PAYLOAD_BYTES = 1_000; // what all links start with is more

    private RunningLinks() {}

    /**
     * One finding for each link.
     *
     * @param socket the node's; null: that of the one node there is
     */
    static List<Finding> mtus(@Nullable Path socket) {
        try (ControlClient node = ControlClient.open(socket)) {
            JsonObject status = node.askFor(ControlClient.request("status")).getAsJsonObject("status");
            List<Finding> findings = new ArrayList<>();
            for (JsonElement link : status.getAsJsonArray("links")) {
                findings.add(mtu(link.getAsJsonObject()));
            }
            return findings;
        } catch (BindlinkException | IOException e) {
            String why = socket == null ? "found out while a node runs here" : String.valueOf(e.getMessage());
            return List.of(Finding.ok(CHECK, why));
        }
    }

    private static Finding mtu(JsonObject link) {
        String name =
                "link " + link.get("id").getAsInt() + " (" + link.get("uri").getAsString() + ") ";
        int payloadBytes = link.get("max_payload_bytes").getAsInt();
        if (payloadBytes == 0) {
            return Finding.ok(CHECK, name + "is " + link.get("state").getAsString() + ", so it is not known yet");
        }
        String text = name + "carries " + payloadBytes + " bytes of payload in a datagram";
        return payloadBytes < SMALL_PAYLOAD_BYTES
                ? Finding.warning(CHECK, text, "it works, and costs some of the rate")
                : Finding.ok(CHECK, text);
    }
}
