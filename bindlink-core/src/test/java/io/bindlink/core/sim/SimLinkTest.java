package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bindlink.core.base.Rates;
import io.bindlink.core.base.Seeds;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SimLinkTest {
    private static final long MILLI = Rates.NANOS_PER_MILLI;
    private static final long SECOND = Rates.NANOS_PER_SECOND;

    /** What came out: the number a datagram carries, and when. */
    private record Arrived(int number, int length, long sentNanos, long atNanos) {}

    @Test
    void perfectLinkDeliversAtOnce() {
        SimLink link = link(bare());

        send(link, 7, 100, 5 * MILLI);

        assertThat(link.nextNanos()).isEqualTo(5 * MILLI);
        assertThat(drain(link, 5 * MILLI)).containsExactly(new Arrived(7, 100, 5 * MILLI, 5 * MILLI));
        assertThat(link.nextNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void delayIsExact() {
        SimLink link = link(bare().delay(Duration.ofMillis(20)));

        send(link, 1, 100, 3);

        assertThat(link.nextNanos()).isEqualTo(20 * MILLI + 3);
        assertThat(drain(link, 20 * MILLI + 2)).isEmpty();
        assertThat(drain(link, 20 * MILLI + 3)).hasSize(1);
    }

    @Test
    void rateSpacesPacketsExactly() {
        SimLink link = link(bare().rateBytesPerSecond(1_000_000));

        for (int i = 0; i < 3; i++) {
            send(link, i, 1000, 0);
        }

        assertThat(link.queuedBytes()).isEqualTo(3000);
        assertThat(drain(link, SECOND)).extracting(Arrived::atNanos).containsExactly(MILLI, 2 * MILLI, 3 * MILLI);
        assertThat(link.counts().maxQueueDelayNanos()).isEqualTo(3 * MILLI);
        assertThat(link.counts().meanQueueDelayNanos()).isEqualTo(2 * MILLI);
    }

    @Test
    void overheadUsesCapacity() {
        SimLink link = link(bare().rateBytesPerSecond(1_000_000).overheadBytes(28));

        send(link, 1, 972, 0);

        assertThat(drain(link, SECOND).get(0).atNanos()).isEqualTo(MILLI);
    }

    @Test
    void fullQueueDropsTheTail() {
        SimLink link = link(bare().rateBytesPerSecond(1_000_000).queueBytes(3000));

        for (int i = 0; i < 5; i++) {
            send(link, i, 1000, 0);
        }

        assertThat(drain(link, SECOND)).extracting(Arrived::number).containsExactly(0, 1, 2);
        assertThat(link.counts().queueDrops()).isEqualTo(2);
    }

    @Test
    void queueDefaultsToOneHundredMillisecondsOrTheRoundTrip() {
        assertThat(LinkModel.builder().rateMbit(20).build().queueBytes()).isEqualTo(250_000);
        LinkModel satellite =
                LinkModel.builder().rateMbit(50).delay(Duration.ofMillis(300)).build();
        assertThat(satellite.queueBytes()).isEqualTo(3_750_000);
        assertThat(satellite.toBuilder().rateMbit(1).build().queueBytes()).isEqualTo(3_750_000);
    }

    @Test
    void newRateServesTheRestOfThePacketInService() {
        SimLink link = link(bare().rateBytesPerSecond(1_000_000));
        send(link, 1, 1000, 0);

        link.set(link.model().toBuilder().rateBytesPerSecond(100_000).build(), MILLI / 2);

        assertThat(link.nextNanos()).isEqualTo(MILLI / 2 + 5 * MILLI);
        link.set(link.model().toBuilder().rateBytesPerSecond(0).build(), 2 * MILLI);
        assertThat(drain(link, 2 * MILLI)).extracting(Arrived::atNanos).containsExactly(2 * MILLI);
    }

    @Test
    void rateHoldsOverALongRun() {
        Seeds.forEach(5, seed -> {
            SimLink link =
                    new SimLink(bare().rateMbit(20).delay(Duration.ofMillis(10)).build(), new SplittableRandom(seed));
            SplittableRandom random = new SplittableRandom(seed);
            long now = 0;
            for (int i = 0; now < 10 * SECOND; i++) {
                send(link, i, random.nextInt(40, 1472), now);
                now += random.nextLong(200_000);
            }
            List<Arrived> arrived = drain(link, now);
            long bytes = arrived.stream().mapToLong(Arrived::length).sum();
            assertThat(Rates.rate(bytes, now)).isCloseTo(2_500_000L, within(5_000L));
        });
    }

    @Test
    void traceGivesEachOpportunityFifteenHundredBytes() {
        SimLink link = link(bare().trace(CapacityTrace.of(10, 10, 30), Duration.ZERO));
        assertThat(link.poll(0)).isNull();

        for (int i = 0; i < 5; i++) {
            send(link, i, 1000, MILLI); // the second shares the first opportunity and ends in the next, and so on
        }

        assertThat(drain(link, SECOND))
                .extracting(Arrived::atNanos)
                .containsExactly(10 * MILLI, 10 * MILLI, 10 * MILLI, 30 * MILLI, 40 * MILLI);
    }

    @Test
    void unusedOpportunitiesAreWasted() {
        SimLink link = link(bare().trace(CapacityTrace.of(10, 20), Duration.ZERO));
        assertThat(link.poll(0)).isNull();

        send(link, 1, 500, 5 * MILLI);
        assertThat(drain(link, 12 * MILLI)).extracting(Arrived::atNanos).containsExactly(10 * MILLI);
        send(link, 2, 500, 12 * MILLI); // the rest of the first opportunity is gone

        assertThat(drain(link, SECOND)).extracting(Arrived::atNanos).containsExactly(20 * MILLI);
    }

    @Test
    void jitterStaysWithinItsBoundsAndKeepsOrder() {
        Seeds.forEach(5, seed -> {
            SimLink link = new SimLink(
                    bare().delay(Duration.ofMillis(20))
                            .jitter(Duration.ofMillis(15))
                            .build(),
                    new SplittableRandom(seed));
            List<Arrived> arrived = sendEvery(link, MILLI, 5000);

            assertThat(arrived).extracting(Arrived::number).isSorted();
            assertThat(arrived)
                    .extracting(a -> a.atNanos() - a.sentNanos())
                    .allMatch(d -> d >= 5 * MILLI && d <= 35 * MILLI);
        });
    }

    @Test
    void jitterReordersWhereItMay() {
        SimLink link = link(bare().delay(Duration.ofMillis(20))
                .jitter(Duration.ofMillis(15))
                .overtaking(true));

        List<Arrived> arrived = sendEvery(link, MILLI, 5000);

        assertThat(inversions(arrived)).isBetween(2000, 2600); // linkem measures 2308 of 5000
        double meanMillis = arrived.stream()
                .mapToDouble(a -> (a.atNanos() - a.sentNanos()) / 1e6)
                .average()
                .orElseThrow();
        assertThat(meanMillis).isCloseTo(20, within(0.5));
    }

    @Test
    void wanderingDelayRunsInStraightLines() {
        SimLink link = link(bare().delay(Duration.ofMillis(20))
                .jitter(Duration.ofMillis(15), Duration.ofMillis(30))
                .overtaking(true));

        List<Arrived> arrived = sendEvery(link, MILLI, 10_000);

        assertThat(inversions(arrived)).isZero(); // 30 ms in 30 ms at most: none can overtake
        List<Long> delays =
                arrived.stream().map(a -> a.atNanos() - a.sentNanos()).sorted().toList();
        assertThat(delays.get(0)).isBetween(5 * MILLI, 8 * MILLI);
        assertThat(delays.get(9999)).isBetween(32 * MILLI, 35 * MILLI);
        assertThat(delays.get(5000)).isBetween(18 * MILLI, 22 * MILLI);
    }

    @Test
    void randomLossHasItsShare() {
        Seeds.forEach(5, seed -> {
            SimLink link = new SimLink(bare().loss(0.02).build(), new SplittableRandom(seed));
            sendEvery(link, MILLI, 50_000);
            assertThat(link.counts().lostPackets()).isBetween(880L, 1120L);
        });
    }

    @Test
    void burstsHaveTheirLengthAndShare() {
        Seeds.forEach(3, seed -> {
            SimLink link =
                    new SimLink(bare().burstLoss(BurstLoss.of(0.01, 0.25)).build(), new SplittableRandom(seed));
            List<Arrived> arrived = sendEvery(link, MILLI, 100_000);

            int bursts = 0;
            for (int i = 1; i < arrived.size(); i++) {
                bursts += arrived.get(i).number() != arrived.get(i - 1).number() + 1 ? 1 : 0;
            }
            assertThat(link.counts().lostPackets() / 100_000.0).isCloseTo(0.01 / 0.26, within(0.006));
            assertThat(link.counts().lostPackets() / (double) bursts).isCloseTo(4, within(0.6));
        });
    }

    @Test
    void lostPacketsHaveUsedCapacity() {
        SimLink link = link(bare().rateBytesPerSecond(1_000_000).loss(0.5));

        for (int i = 0; i < 50; i++) {
            send(link, i, 1000, 0);
        }

        assertThat(drain(link, SECOND)).allMatch(a -> a.atNanos() == (a.number() + 1) * MILLI);
    }

    @Test
    void heldPacketsAreOvertakenAndStillArrive() {
        SimLink link = link(bare().delay(Duration.ofMillis(5)).reorder(0.1, Duration.ofMillis(10)));

        List<Arrived> arrived = sendEvery(link, MILLI, 1000);

        assertThat(arrived).hasSize(1000);
        assertThat(inversions(arrived)).isBetween(60, 130);
        assertThat(arrived).extracting(a -> a.atNanos() - a.sentNanos()).containsOnly(5 * MILLI, 15 * MILLI);
    }

    @Test
    void duplicatesAreWholeCopies() {
        SimLink link = link(bare().duplicate(0.2));

        List<Arrived> arrived = sendEvery(link, MILLI, 1000);

        assertThat(link.counts().duplicates()).isBetween(150L, 250L);
        assertThat(arrived).hasSize(1000 + (int) link.counts().duplicates());
        assertThat(new HashSet<>(arrived)).hasSize(1000);
    }

    @Test
    void packetsOverTheMtuAreDropped() {
        SimLink link = link(bare().overheadBytes(28).mtuBytes(1500));

        send(link, 1, 1472, 0);
        send(link, 2, 1473, 0);

        assertThat(drain(link, 0)).extracting(Arrived::number).containsExactly(1);
        assertThat(link.counts().tooLargeDrops()).isEqualTo(1);
    }

    @Test
    void policerDropsBeyondRateAndBurstWithoutQueue() {
        SimLink link = link(bare().policer(new Policer(100_000, 10_000)));

        List<Arrived> arrived = sendEvery(link, MILLI, 1000, 1000); // ten times its rate, for a second

        assertThat(arrived).hasSize(10 + 99);
        assertThat(arrived).allMatch(a -> a.atNanos() == a.sentNanos());
        assertThat(link.counts().policerDrops()).isEqualTo(1000 - 109);
    }

    @Test
    void cutSwallowsQueuedFlyingAndNewPackets() {
        SimLink link = link(bare().rateBytesPerSecond(1_000_000).delay(Duration.ofMillis(20)));
        for (int i = 0; i < 10; i++) {
            send(link, i, 1000, 0);
        }
        assertThat(drain(link, 5 * MILLI)).isEmpty();

        link.cut();
        send(link, 10, 1000, 6 * MILLI);
        assertThat(link.nextNanos()).isEqualTo(Long.MAX_VALUE);
        link.restore();
        send(link, 11, 1000, 7 * MILLI);

        assertThat(drain(link, SECOND)).containsExactly(new Arrived(11, 1000, 7 * MILLI, 28 * MILLI));
        assertThat(link.counts().cutDrops()).isEqualTo(11);
    }

    @Test
    void shorterDelayDoesNotLetPacketsOvertakeUnlessAllowed() {
        SimLink link = link(bare().delay(Duration.ofMillis(50)));
        send(link, 1, 100, 0);
        link.set(link.model().toBuilder().delay(Duration.ofMillis(10)).build(), MILLI);
        send(link, 2, 100, MILLI);

        assertThat(drain(link, SECOND)).extracting(Arrived::atNanos).containsExactly(50 * MILLI, 50 * MILLI);

        link.set(link.model().toBuilder().delay(Duration.ofMillis(50)).build(), SECOND);
        send(link, 3, 100, SECOND);
        link.set(
                link.model().toBuilder()
                        .delay(Duration.ofMillis(10))
                        .overtaking(true)
                        .build(),
                SECOND);
        send(link, 4, 100, SECOND);
        assertThat(drain(link, 2 * SECOND)).extracting(Arrived::number).containsExactly(4, 3);
    }

    @Test
    void sameSeedGivesTheSameFate() {
        Seeds.forEach(3, seed -> {
            LinkModel model = bare().rateMbit(5)
                    .delay(Duration.ofMillis(20))
                    .jitter(Duration.ofMillis(10))
                    .overtaking(true)
                    .loss(0.05)
                    .burstLoss(BurstLoss.of(0.01, 0.3))
                    .reorder(0.05, Duration.ofMillis(3))
                    .duplicate(0.05)
                    .build();
            List<Arrived> first = sendEvery(new SimLink(model, new SplittableRandom(seed)), MILLI, 3000);
            List<Arrived> second = sendEvery(new SimLink(model, new SplittableRandom(seed)), MILLI, 3000);
            List<Arrived> other = sendEvery(new SimLink(model, new SplittableRandom(seed + 1)), MILLI, 3000);

            assertThat(second).isEqualTo(first);
            assertThat(other).isNotEqualTo(first);
        });
    }

    @Test
    void jitterDoesNotChangeWhoIsLost() {
        LinkModel calm = bare().loss(0.1).build();
        LinkModel wild =
                calm.toBuilder().jitter(Duration.ofMillis(5)).duplicate(0.1).build();

        List<Integer> survivors = numbers(sendEvery(new SimLink(calm, new SplittableRandom(1)), MILLI, 1000));

        assertThat(new HashSet<>(numbers(sendEvery(new SimLink(wild, new SplittableRandom(1)), MILLI, 1000))))
                .isEqualTo(new HashSet<>(survivors));
    }

    @Test
    void nextNanosNeverComesLate() {
        Seeds.forEach(20, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            LinkModel model = bare().rateMbit(random.nextDouble(0.3, 50))
                    .delay(Duration.ofMillis(random.nextInt(50)))
                    .jitter(Duration.ofMillis(random.nextInt(60)), Duration.ofMillis(random.nextInt(2) * 30L))
                    .overtaking(random.nextBoolean())
                    .reorder(0.1, Duration.ofMillis(random.nextInt(20)))
                    .duplicate(0.1)
                    .build();
            SimLink link = new SimLink(model, random);
            long now = 0;
            for (int i = 0; i < 500; i++) {
                send(link, i, 1000, now);
                long next = now + random.nextLong(2 * MILLI);
                while (link.nextNanos() <= next) {
                    now = Math.max(now, link.nextNanos());
                    for (Frame frame = link.poll(now); frame != null; frame = link.poll(now)) {
                        assertThat(frame.dueNanos()).isEqualTo(now);
                    }
                }
                now = next;
            }
        });
    }

    @Test
    void datagramsLargerThanUsualPassUnaltered() {
        SimLink link = link(bare().mtuBytes(100_000));
        byte[] large = new byte[60_000];
        new SplittableRandom(1).nextBytes(large);

        link.send(large, 10, 50_000, 0);
        Frame frame = Objects.requireNonNull(link.poll(0));

        assertThat(ByteBuffer.wrap(frame.data(), 0, frame.length())).isEqualTo(ByteBuffer.wrap(large, 10, 50_000));
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertThatThrownBy(() -> LinkModel.builder().loss(1.5).build()).hasMessage("loss 1.5 is not in 0..1");
        assertThatThrownBy(() -> LinkModel.builder().loss(Double.NaN).build()).hasMessage("loss NaN is not in 0..1");
        assertThatThrownBy(() -> LinkModel.builder().rateMbit(-1).build()).hasMessage("rate -125000 is under 0");
        assertThatThrownBy(() -> BurstLoss.of(2, 0)).hasMessage("fail 2.0 is not in 0..1");
        assertThatThrownBy(() -> new Policer(0, 1)).hasMessage("policer: rate 0 B/s and burst 1 B must be over 0");
    }

    @Test
    void builderOfAModelGivesTheSameModel() {
        LinkModel model = bare().rateMbit(3)
                .loss(0.1)
                .policer(new Policer(1, 2))
                .reorder(0.5, Duration.ofMillis(1))
                .build();

        assertThat(model.toBuilder().build()).isEqualTo(model);
    }

    /** Sizes are what the tests say: no headers, no MTU. */
    private static LinkModel.Builder bare() {
        return LinkModel.builder().overheadBytes(0).mtuBytes(Integer.MAX_VALUE);
    }

    private static SimLink link(LinkModel.Builder model) {
        return new SimLink(model.build(), new SplittableRandom(1));
    }

    private static void send(SimLink link, int number, int length, long nowNanos) {
        byte[] data = new byte[length];
        ByteBuffer.wrap(data).putInt(number);
        link.send(data, 0, length, nowNanos);
    }

    private static List<Arrived> sendEvery(SimLink link, long intervalNanos, int count) {
        return sendEvery(link, intervalNanos, count, 500);
    }

    private static List<Arrived> sendEvery(SimLink link, long intervalNanos, int count, int length) {
        List<Arrived> arrived = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            send(link, i, length, i * intervalNanos);
            arrived.addAll(drain(link, i * intervalNanos));
        }
        arrived.addAll(drain(link, count * intervalNanos + 10 * SECOND));
        return arrived;
    }

    private static List<Arrived> drain(SimLink link, long nowNanos) {
        List<Arrived> arrived = new ArrayList<>();
        for (Frame frame = link.poll(nowNanos); frame != null; frame = link.poll(nowNanos)) {
            int number = ByteBuffer.wrap(frame.data()).getInt();
            arrived.add(new Arrived(number, frame.length(), frame.sentNanos(), frame.dueNanos()));
        }
        return arrived;
    }

    private static List<Integer> numbers(List<Arrived> arrived) {
        return arrived.stream().map(Arrived::number).toList();
    }

    private static int inversions(List<Arrived> arrived) {
        int inversions = 0;
        for (int i = 1; i < arrived.size(); i++) {
            inversions += arrived.get(i).number() < arrived.get(i - 1).number() ? 1 : 0;
        }
        return inversions;
    }
}
