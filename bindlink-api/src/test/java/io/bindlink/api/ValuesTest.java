package io.bindlink.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API's values: what they refuse, and that nobody changes them from outside. */
class ValuesTest {
    private static final LinkUri URI = LinkUri.parse("udp://192.0.2.1:4500");

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 256, Integer.MAX_VALUE})
    void aLinkIdIsOneByteAndNotZero(int value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LinkId(value))
                .withMessage("link id " + value + " is not in 1..255");
    }

    @Test
    void linkIdsAreOrderedByNumber() {
        assertThat(new LinkId(9)).isLessThan(new LinkId(10)).hasToString("9").isEqualTo(new LinkId(9));
    }

    @Test
    void aSuperPacketHasASegmentSizeAndAPlainPacketHasNone() {
        assertThat(Offload.NONE.kind()).isEqualTo(Offload.Kind.NONE);
        assertThat(new Offload(Offload.Kind.TCP4, 1_400, true).segmentBytes()).isEqualTo(1_400);
        assertThatIllegalArgumentException().isThrownBy(() -> new Offload(Offload.Kind.TCP4, 0, false));
        assertThatIllegalArgumentException().isThrownBy(() -> new Offload(Offload.Kind.NONE, 1, false));
        assertThatIllegalArgumentException().isThrownBy(() -> new Offload(Offload.Kind.UDP, 65_536, false));
    }

    @Test
    void aFreshPacketIsNeitherSparseNorSentBeforeNorATail() {
        PacketInfo info = PacketInfo.of(1_500, 3, Delivery.RELIABLE, Offload.NONE);
        assertThat(info.sizeBytes()).isEqualTo(1_500);
        assertThat(info.flow()).isEqualTo(3);
        assertThat(info.delivery()).isEqualTo(Delivery.RELIABLE);
        assertThat(info.sparse() || info.resend() || info.tail()).isFalse();
        assertThat(info.toleranceNanos()).isEqualTo(Long.MAX_VALUE);
        assertThatIllegalArgumentException().isThrownBy(() -> PacketInfo.of(0, 0, Delivery.BEST_EFFORT, Offload.NONE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PacketInfo.of(65_536, 0, Delivery.BEST_EFFORT, Offload.NONE));
        assertThatIllegalArgumentException().isThrownBy(() -> PacketInfo.of(1, -1, Delivery.BEST_EFFORT, Offload.NONE));
    }

    @Test
    void aReportKeepsItsCountsAndGuardsItsBuffer() {
        Map<LinkId, ControlPacket.Received> received = new HashMap<>();
        received.put(new LinkId(1), new ControlPacket.Received(2, 300));
        ControlPacket report = new ControlPacket(7, received, ByteBuffer.allocate(4));
        received.clear();
        assertThat(report.received()).containsOnlyKeys(new LinkId(1));
        assertThatThrownBy(() -> report.received().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> report.extension().put((byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ControlPacket(1, Map.of(), ByteBuffer.allocate(513)))
                .withMessage("extension of 513 bytes is over 512");
    }

    @Test
    void aTunConfigHasDefaultsAndARange() {
        TunConfig config = TunConfig.of(Role.SLAVE);
        assertThat(config.mtuBytes()).isEqualTo(1380);
        assertThat(config.offload()).isTrue();
        assertThat(config.addresses()).isEmpty();
        assertThat(config.option("anything")).isEmpty();
        for (int mtu : new int[] {0, 575, 65_536}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new TunConfig(Role.SLAVE, Optional.empty(), List.of(), mtu, false, Map.of()))
                    .withMessage("MTU " + mtu + " is not in 576..65535");
        }
    }

    @Test
    void aTunConfigIsNotChangedFromOutside() {
        List<String> addresses = new ArrayList<>(List.of("10.0.0.1/30"));
        Map<String, List<String>> options = new HashMap<>(Map.of("queue", List.of("4")));
        TunConfig config = new TunConfig(Role.MASTER, Optional.of("bl0"), addresses, 1_400, true, options);
        addresses.clear();
        options.clear();
        assertThat(config.addresses()).containsExactly("10.0.0.1/30");
        assertThat(config.option("queue")).containsExactly("4");
    }

    @Test
    void statsAreASnapshot() {
        List<LinkStats> links = new ArrayList<>();
        links.add(LinkStats.unused(new LinkId(1), URI, LinkState.CONNECTING, "", 0, 0));
        Map<String, Long> counters = new HashMap<>(Map.of("sessions", 2L));
        Stats stats = new Stats(Role.SLAVE, false, 2, links, counters);
        links.clear();
        counters.clear();
        assertThat(stats.links()).hasSize(1);
        assertThat(stats.counter(Counter.SESSIONS)).isEqualTo(2);
        assertThat(stats.counter(Counter.REKEYS)).isZero();
        assertThat(stats.counter("never heard of")).isZero();
        assertThat(stats.efficiency()).isEqualTo(Efficiency.NONE);
        assertThat(stats.withCounters(Map.of("rekeys", 1L)).counter(Counter.REKEYS))
                .isEqualTo(1);
    }

    @Test
    void efficiencyHasEveryCauseAndSharesOfTheCapacity() {
        Efficiency some = new Efficiency(200, Map.of(Efficiency.Cause.GOODPUT, 150L));
        assertThat(some.bytes()).containsOnlyKeys(Efficiency.Cause.values());
        assertThat(some.share(Efficiency.Cause.GOODPUT)).isEqualTo(0.75);
        assertThat(some.bytes(Efficiency.Cause.COPIES)).isZero();
        assertThat(Efficiency.NONE.share(Efficiency.Cause.GOODPUT)).isZero();
        assertThat(Efficiency.Cause.NO_DEMAND.label()).isEqualTo("no_demand");
    }

    @ParameterizedTest
    @EnumSource(Counter.class)
    void counterLabelsAreLowerCaseWithUnderscores(Counter counter) {
        assertThat(counter.label()).matches("[a-z]+(_[a-z0-9]+)*");
    }

    @Test
    void exitCodesDiffer() {
        Set<Integer> codes = new HashSet<>();
        for (BindlinkException.Code code : BindlinkException.Code.values()) {
            assertThat(codes.add(code.exitCode())).as("%s", code).isTrue();
        }
        BindlinkException failure = new BindlinkException(BindlinkException.Code.CONFIG, "wrong");
        assertThat(failure.code().exitCode()).isEqualTo(3);
        assertThat(failure).hasMessage("wrong");
    }

    @Test
    void eventsReadAsLinesWithoutCredentials() {
        LinkUri proxy = LinkUri.parse("socks5://someone@192.0.2.9:1080").withPassword("secret");
        Event changed = new Event.LinkChanged(new LinkId(3), proxy, LinkState.UP, LinkState.DOWN, "gone");
        assertThat(changed.toString())
                .startsWith("link 3 (")
                .endsWith(") UP -> DOWN: gone")
                .doesNotContain("secret");
        assertThat(new Event.SessionEnded("closed")).hasToString("session ended: closed");
        assertThat(new Event.Closed(Optional.empty())).hasToString("closed");
    }
}
