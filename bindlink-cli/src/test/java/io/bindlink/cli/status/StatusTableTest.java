package io.bindlink.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.bindlink.api.DelayHistogram;
import io.bindlink.api.Efficiency;
import io.bindlink.api.Event;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkStats;
import io.bindlink.api.LinkStatus;
import io.bindlink.api.LinkUri;
import io.bindlink.api.Role;
import io.bindlink.api.Stats;
import io.bindlink.api.Status;
import io.bindlink.cli.terminal.Bar;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusTableTest {
    private static final LinkUri PHONE = LinkUri.parse("socks5://me@192.168.43.1:1080");
    private static final LinkUri MODEM = LinkUri.parse("udp://master:4500");
    private static final Efficiency EFFICIENCY =
            new Efficiency(1000, Map.of(Efficiency.Cause.GOODPUT, 913L, Efficiency.Cause.NO_DEMAND, 87L));

    private final StatusTable table = new StatusTable(Bar.ASCII, ZoneOffset.UTC);

    @Test
    void tellsEverythingAtAGlance() {
        assertThat(String.join("\n", table.lines(StatusJson.of(status())))).isEqualTo("""
                slave is DEGRADED   session up   running for 1:22:09   device bindlink0

                 LINK  VIA                         STATE           IN     OUT     RTT  +DELAY   LOSS    QUEUE  SHARE
                                                               Mbit/s  Mbit/s      ms      ms      %       kB
                    1  socks5://192.168.43.1:1080  UP           10.00    0.80    61.2    20.0    1.5      3.0  ############ 100 %
                    2  udp://master:4500           DOWN          0.00    0.00       -     0.0    0.0      0.0  ............   0 %
                  all                                           10.00    0.80
                 link 2: no answer

                where the capacity to send went, last 10 s: goodput 91 %, no demand 9 %
                12:31:07  session ended: closed""");
    }

    @Test
    void tellsItOnOneLine() {
        assertThat(table.line(StatusJson.of(status())))
                .isEqualTo("slave degraded  in 10.00 out 0.80 Mbit/s"
                        + " | link 1 up in 10.00 out 0.80 rtt 61.2 ms loss 1.5 %"
                        + " | link 2 down in 0.00 out 0.00 rtt - ms loss 0.0 %");
    }

    @Test
    void jsonHasItsSchemaAndNoCredentials() {
        JsonObject json = StatusJson.of(status());
        assertThat(json.get("schema").getAsInt()).isEqualTo(1);
        assertThat(json.toString()).doesNotContain("me@").doesNotContain("secret");
        assertThat(json.getAsJsonArray("links").get(1).getAsJsonObject().has("smoothed_rtt_seconds"))
                .isFalse();
    }

    @Test
    void pausedLinksDoNotDegrade() {
        Status status = status();
        assertThat(status.health()).isEqualTo(Status.Health.DEGRADED);
        Status paused = new Status(
                status.stats(),
                "bl0",
                Duration.ZERO,
                List.of(status.links().get(0), link(2, MODEM, LinkState.PAUSED, "", 0)),
                List.of());
        assertThat(paused.health()).isEqualTo(Status.Health.UP);
    }

    private static Status status() {
        LinkStatus phone = link(1, PHONE.withPassword("secret"), LinkState.UP, "", 61_200_000);
        LinkStatus modem = link(2, MODEM, LinkState.DOWN, "no answer", 0);
        Stats stats =
                new Stats(Role.SLAVE, true, 1, List.of(phone.stats(), modem.stats()), Map.of(), EFFICIENCY, EFFICIENCY);
        return new Status(
                stats,
                "bindlink0",
                Duration.ofSeconds(4929),
                List.of(phone, modem),
                List.of(new Status.Happening(Instant.parse("2026-11-27T12:31:07Z"), new Event.SessionEnded("closed"))));
    }

    private static LinkStatus link(int id, LinkUri uri, LinkState state, String reason, long rttNanos) {
        boolean up = state == LinkState.UP;
        LinkStats stats = new LinkStats(
                new LinkId(id),
                uri,
                state,
                reason,
                1,
                2,
                3,
                4,
                5,
                6,
                7,
                rttNanos,
                rttNanos,
                0,
                up ? 20_000_000 : 0,
                5_000_000,
                up ? 3000 : 0,
                0,
                1400,
                0,
                0,
                0,
                0,
                0,
                DelayHistogram.NONE);
        return new LinkStatus(stats, up ? 1_250_000 : 0, up ? 100_000 : 0, up ? 0.015 : 0, up ? 1 : 0);
    }
}
