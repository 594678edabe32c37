package io.bindlink.core.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Delivery;
import io.bindlink.api.LinkView;
import io.bindlink.api.Offload;
import io.bindlink.api.PacketInfo;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs the scheduler against links that deliver what their rate allows, with a report every second. */
class WeightedTest {
    private static final int PACKET_BYTES = 1_000;
    private static final PacketInfo PACKET = PacketInfo.of(PACKET_BYTES, 1, Delivery.BEST_EFFORT, Offload.NONE);
    private static final long STEP_NANOS = 1_000_000;

    private final Weighted scheduler = new Weighted(0.02);
    private final List<Model> models = new ArrayList<>();
    private final List<StubLink> links = new ArrayList<>();
    private long nowNanos;

    /** What becomes of what is sent on a link. */
    private static final class Model {
        private final StubLink link;
        private double rateBytesPerSecond;
        private double queueBytes;
        private double receivedBytes;
        private boolean dead;
        private long sharePackets;

        Model(StubLink link, double rateBytesPerSecond) {
            this.link = link;
            this.rateBytesPerSecond = rateBytesPerSecond;
        }

        /** One millisecond passes; a queue of 20 packets is all there is room for. */
        void step() {
            double bytes = Math.min(queueBytes, rateBytesPerSecond / 1_000);
            queueBytes -= bytes;
            receivedBytes += dead ? 0 : bytes;
            link.ready = queueBytes < 20 * PACKET_BYTES;
        }
    }

    private Model link(int id, double rateBytesPerSecond) {
        StubLink link = new StubLink(id);
        Model model = new Model(link, rateBytesPerSecond);
        links.add(link);
        models.add(model);
        return model;
    }

    /** Offers traffic at a rate for some seconds. */
    private void run(double bytesPerSecond, int seconds) {
        models.forEach(m -> m.sharePackets = 0);
        double owed = 0;
        for (int i = 0; i < seconds * 1_000; i++) {
            nowNanos += STEP_NANOS;
            models.forEach(Model::step);
            owed = Math.min(owed + bytesPerSecond / 1_000, 1_000_000);
            while (owed >= PACKET_BYTES && send()) {
                owed -= PACKET_BYTES;
            }
            if (nowNanos % 1_000_000_000L == 0) {
                models.forEach(m -> m.link.peerReceivedBytes = (long) m.receivedBytes);
            }
        }
    }

    private boolean send() {
        List<LinkView> picked = Answer.of(scheduler, PACKET, links, nowNanos).picked;
        if (picked.isEmpty()) {
            return false;
        }
        Model model =
                models.stream().filter(m -> m.link == picked.get(0)).findFirst().orElseThrow();
        model.queueBytes += PACKET_BYTES;
        model.sharePackets++;
        model.link.sentBytes += PACKET_BYTES;
        model.link.ready = model.queueBytes < 20 * PACKET_BYTES;
        return true;
    }

    private double share(Model model) {
        return model.sharePackets
                / (double) models.stream().mapToLong(m -> m.sharePackets).sum();
    }

    @Test
    void sharesFollowWhatThePeerReceives() {
        Model fast = link(1, 3_000_000);
        Model slow = link(2, 1_000_000);
        run(10_000_000, 5);
        run(3_000_000, 5); // three quarters of the sum: nobody is full now
        assertThat(share(fast)).isBetween(0.72, 0.78);
        assertThat(share(slow)).isBetween(0.22, 0.28);
    }

    @Test
    void weightsDoNotChaseThemselves() {
        Model one = link(1, 2_000_000);
        Model two = link(2, 2_000_000);
        run(10_000_000, 5);
        two.dead = true;
        run(500_000, 3); // an uneven share for a while
        two.dead = false;
        run(500_000, 10); // far below what either can carry: nothing here tells of their rates
        run(10_000_000, 5);
        run(3_000_000, 5);
        assertThat(share(one)).as("equal links share equally again").isBetween(0.45, 0.55);
    }

    @Test
    void lightTrafficDoesNotChangeTheShares() {
        Model fast = link(1, 3_000_000);
        link(2, 1_000_000);
        run(10_000_000, 5);
        run(100_000, 30);
        assertThat(share(fast)).isBetween(0.70, 0.80);
    }

    @Test
    void silentLinkKeepsATrickleAndComesBack() {
        Model good = link(1, 2_000_000);
        Model silent = link(2, 2_000_000);
        run(3_000_000, 3);
        silent.dead = true;
        run(1_500_000, 15);
        run(1_500_000, 5);
        assertThat(share(silent)).isBetween(0.005, 0.05);
        silent.dead = false;
        run(6_000_000, 10);
        run(3_000_000, 5);
        assertThat(share(good)).isBetween(0.4, 0.6);
    }

    @Test
    void halvedRateIsNoticed() {
        Model changing = link(1, 4_000_000);
        link(2, 2_000_000);
        run(10_000_000, 5);
        changing.rateBytesPerSecond = 1_000_000;
        run(10_000_000, 8);
        run(2_400_000, 5);
        assertThat(share(changing)).isBetween(0.25, 0.42);
    }

    @Test
    void busyLinkIsPassedOver() {
        Model one = link(1, 1_000_000);
        link(2, 1_000_000);
        one.link.ready = false;
        for (int i = 0; i < 10; i++) {
            assertThat(Answer.of(scheduler, PACKET, links, 0).picked).containsExactly(links.get(1));
        }
    }
}
