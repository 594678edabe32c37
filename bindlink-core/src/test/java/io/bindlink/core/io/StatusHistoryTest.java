package io.bindlink.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.DelayHistogram;
import io.bindlink.api.Event;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkStats;
import io.bindlink.api.LinkStatus;
import io.bindlink.api.LinkUri;
import io.bindlink.api.Role;
import io.bindlink.api.Stats;
import io.bindlink.api.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusHistoryTest {
    private static final long SECOND = 1_000_000_000;

    private final StatusHistory history = new StatusHistory("bl0", 0);

    @Test
    void ratesAreThoseOfTheLastSecond() {
        history.status(stats(1, 0, 0, 0), 0);
        for (int tenths = 1; tenths <= 50; tenths++) {
            history.status(stats(1, 100L * tenths, 0, 0), tenths * SECOND / 10);
        }
        LinkStatus link = only(history.status(stats(1, 10_000, 0, 0), 51 * SECOND / 10));
        assertThat(link.sentBytesPerSecond()).isBetween(4100L, 6000L); // 5,000 in the last tenth, 900 before it
        assertThat(link.receivedBytesPerSecond()).isZero();
        assertThat(link.share()).isEqualTo(1);
    }

    @Test
    void whoAsksSeldomHearsOfTheTimeBetween() {
        history.status(stats(1, 0, 0, 0), 0);
        assertThat(only(history.status(stats(1, 60_000, 0, 0), 60 * SECOND)).sentBytesPerSecond())
                .isEqualTo(1000);
    }

    @Test
    void lossIsThatOfTheLastTenSeconds() {
        history.status(stats(1, 0, 100, 50), 0);
        for (int seconds = 1; seconds <= 30; seconds++) {
            history.status(stats(1, 0, 100 + 10L * seconds, 50), seconds * SECOND);
        }
        assertThat(only(history.status(stats(1, 0, 410, 60), 31 * SECOND)).lossRatio())
                .isBetween(0.08, 0.11);
    }

    @Test
    void newSessionBeginsAnew() {
        history.status(stats(1, 0, 0, 0), 0);
        history.status(stats(1, 1_000_000, 0, 0), SECOND);
        LinkStatus link = only(history.status(stats(2, 10, 0, 0), 2 * SECOND));
        assertThat(link.sentBytesPerSecond()).isZero();
        assertThat(only(history.status(stats(2, 510, 0, 0), 3 * SECOND)).sentBytesPerSecond())
                .isEqualTo(500);
    }

    @Test
    void keepsTheLastEventsInOrder() {
        for (int i = 0; i < Status.MAX_EVENTS + 10; i++) {
            history.handleEvent(new Event.KeysRenewed(i), Instant.ofEpochSecond(i));
        }
        Status status = history.status(stats(1, 0, 0, 0), 7 * SECOND);
        assertThat(status.events()).hasSize(Status.MAX_EVENTS);
        assertThat(status.events().get(0).at()).isEqualTo(Instant.ofEpochSecond(10));
        assertThat(status.uptime()).isEqualTo(Duration.ofSeconds(7));
        assertThat(status.device()).isEqualTo("bl0");
    }

    private static LinkStatus only(Status status) {
        assertThat(status.links()).hasSize(1);
        return status.links().get(0);
    }

    private static Stats stats(long sessions, long sentBytes, long sentPackets, long lostPackets) {
        LinkStats link = new LinkStats(
                new LinkId(1),
                LinkUri.udp("h", 1),
                LinkState.UP,
                "",
                sentPackets,
                sentBytes,
                0,
                0,
                0,
                0,
                lostPackets,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                DelayHistogram.NONE);
        return new Stats(Role.SLAVE, true, sessions, List.of(link), Map.of());
    }
}
