package io.bindlink.core.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Efficiency;
import io.bindlink.api.Multiplexer;
import org.junit.jupiter.api.Test;

/** What a sender says of the fate of what it sent. */
class OutcomeTest {
    private static final int PACKET_BYTES = 1_000;
    private static final int CHUNK_BYTES = PACKET_BYTES + ChunkLayout.HEADER_BYTES;

    private final FakeBond bond = new FakeBond(1, "lowest-delay", new FakePath(10, 200));
    private final Traffic traffic = new Traffic(bond, true);

    @Test
    void whatArrivesIsGoodput() {
        send();
        pass();

        assertTold(PACKET_BYTES, 0, 0);
    }

    @Test
    void whatWasSentAgainInVainIsACopy() {
        send();
        loseAll();
        pass();

        assertTold(PACKET_BYTES, CHUNK_BYTES, 0);
    }

    @Test
    void whatArrivesWhenItWasGivenUpIsLate() {
        send();
        loseAll();
        loseAll();
        loseAll();
        pass();

        assertThat(bond.a.counters.get("mux_given_up")).isEqualTo(1);
        assertTold(0, 0, 3 * CHUNK_BYTES);
    }

    @Test
    void backlogIsTheTimeInWhichSomethingWaits() {
        for (int i = 0; i < 200; i++) { // 200 kB at 10 Mbit/s
            send();
        }
        bond.run(1_000);
        send();
        pass();

        assertThat(bond.a.counters.get(Efficiency.BACKLOG_COUNTER)).isBetween(130_000L, 500_000L);
        assertThat(bond.a.counters.get(Efficiency.GOODPUT_COUNTER)).isEqualTo(201L * PACKET_BYTES);
    }

    private void send() {
        bond.b.device = traffic;
        bond.a.send(traffic.tcp(1, PACKET_BYTES));
    }

    /** A report is due once a second, and with it all is told. */
    private void pass() {
        bond.run(1_000);
        bond.a.call(Multiplexer::craftControl);
    }

    /** All that was sent so far; a packet's own number is among the first after 7. */
    private void loseAll() {
        for (long number = 7; number < 30; number++) {
            long lost = number;
            bond.a.call(mux -> mux.lost(bond.a.link(1), lost));
        }
        bond.run(5);
    }

    private void assertTold(long goodput, long copies, long late) {
        assertThat(bond.a.counters.get(Efficiency.GOODPUT_COUNTER)).isEqualTo(goodput);
        assertThat(bond.a.counters.get(Efficiency.COPIES_COUNTER)).isEqualTo(copies);
        assertThat(bond.a.counters.get(Efficiency.LATE_COUNTER)).isEqualTo(late);
    }
}
