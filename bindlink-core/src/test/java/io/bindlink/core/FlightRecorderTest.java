package io.bindlink.core;

import io.bindlink.api.LinkUri;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

@Timeout(60)
@ResourceLock(RealNodes.LOCK)
class FlightRecorderTest {
    private static final String NAME = "bindlink.";

    @Test
    void aRecordingTellsOfSessionsLinksAndTheirFigures() throws Exception {
        Map<String, CountDownLatch> wanted = Map.of(
                "TunnelState", new CountDownLatch(1),
                "Handshake", new CountDownLatch(1),
                "LinkState", new CountDownLatch(1),
                "LinkSample", new CountDownLatch(1));
        PresharedKey key = PresharedKey.generate();
        try (RecordingStream recording = new RecordingStream()) {
            wanted.forEach((name, seen) -> {
                recording.enable(NAME + name);
                recording.onEvent(NAME + name, event -> {
                    if (isWanted(event)) {
                        seen.countDown();
                    }
                });
            });
            recording.setReuse(false);
            recording.startAsync();
            try (Bindlink master =
                            Bindlink.master().key(key).tun(new MemoryDevice()).start();
                    Bindlink slave =
                            Bindlink.slave().key(key).tun(new MemoryDevice()).start()) {
                InetSocketAddress at =
                        master.linkMap().startListener(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                slave.linkMap().initiateLink(LinkUri.udp("127.0.0.1", at.getPort()));
                slave.awaitUp(Duration.ofSeconds(20));
                for (CountDownLatch seen : wanted.values()) {
                    seen.await(); // within the test's bound
                }
            }
        }
    }

    private static boolean isWanted(RecordedEvent event) {
        return switch (event.getEventType().getName()) {
            case "bindlink.TunnelState" -> event.getBoolean("up");
            case "bindlink.Handshake" -> event.getString("result").equals("completed");
            case "bindlink.LinkState" ->
                event.getString("to").equals("UP") && event.getString("uri").startsWith("udp://127.0.0.1:");
            default -> event.getString("state").equals("UP") && event.getLong("receivedBytes") > 0;
        };
    }
}
