package io.bindlink.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Event;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkUri;
import io.bindlink.api.Role;
import io.bindlink.api.Stats;
import java.util.concurrent.CompletableFuture;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FlightRecorderLogTest {
    private static final String TUNNEL = "of this test";
    private static final LinkId LINK = new LinkId(1);
    private static final LinkUri URI = LinkUri.parse("udp://192.0.2.1:4500");

    @Test
    void rekeysAndStallsAreRecorded() throws Exception {
        try (RecordingStream recording = new RecordingStream()) {
            CompletableFuture<RecordedEvent> rekey = first(recording, "bindlink.Rekey");
            CompletableFuture<RecordedEvent> stall = first(recording, "bindlink.Stall");
            recording.setReuse(false);
            recording.startAsync();
            FlightRecorderLog log = new FlightRecorderLog(TUNNEL, Role.SLAVE, FlightRecorderLogTest::noStats);
            log.handleEvent(changed(LinkState.CONNECTING, LinkState.UP));
            log.handleEvent(new Event.KeysRenewed(3));
            log.handleEvent(changed(LinkState.UP, LinkState.DOWN));
            Thread.sleep(20); // a stall of no length is told, too, but would prove nothing
            log.handleEvent(changed(LinkState.DOWN, LinkState.UP));

            assertThat(rekey.get().getLong("epoch")).isEqualTo(3);
            assertThat(rekey.get().getString("role")).isEqualTo("SLAVE");
            assertThat(stall.get().getDuration()).isPositive();
        }
    }

    private static CompletableFuture<RecordedEvent> first(RecordingStream recording, String name) {
        CompletableFuture<RecordedEvent> seen = new CompletableFuture<>();
        recording.enable(name);
        recording.onEvent(name, event -> {
            if (event.getString("tunnel").equals(TUNNEL)) {
                seen.complete(event);
            }
        });
        return seen;
    }

    private static Event changed(LinkState from, LinkState to) {
        return new Event.LinkChanged(LINK, URI, from, to, "");
    }

    private static Stats noStats() {
        throw new AssertionError("nobody wanted samples");
    }
}
