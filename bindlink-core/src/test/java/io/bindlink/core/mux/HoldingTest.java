package io.bindlink.core.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Arrival;
import io.bindlink.api.LinkState;
import io.bindlink.api.PacketInfo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Feeds chunks by hand and watches what is held, for how long, and what passes. */
class HoldingTest {
    private static final int SLOT = 5;
    private static final int OTHER_SLOT = 6;
    private static final long RTT_MILLIS = 45; // of the quicker fake link
    private static final long SPREAD_MILLIS = 20;
    private static final long CAP_MILLIS = 4 * RTT_MILLIS; // the largest term of the rule here

    private final FakeBond bond = new FakeBond(1, "lowest-delay", new FakePath(8, 20), new FakePath(8, 40));
    private final FakeLink quick = bond.b.link(1);
    private final FakeLink slow = bond.b.link(2);
    private final List<Integer> delivered = new ArrayList<>();

    HoldingTest() {
        bond.b.device = new FakeEnd.Device() {
            @Override
            public boolean deliver(ByteBuffer packet, PacketInfo info) {
                delivered.add(packet.get(packet.position()) & 0xFF);
                return true;
            }
        };
        // both links have carried the flow's beginning, with their own delays
        long sent = bond.nowNanos();
        chunk(quick, sent, ChunkLayout.KIND_DATA, FlowClass.ORDERED, SLOT, 0);
        bond.run(SPREAD_MILLIS);
        chunk(slow, sent, ChunkLayout.KIND_DATA, FlowClass.ORDERED, SLOT, 1);
        assertThat(delivered).containsExactly(0, 1);
    }

    @Test
    void holdsUntilTheHoleIsFilled() {
        data(quick, 3);
        data(quick, 4);
        assertThat(delivered).containsExactly(0, 1);
        data(slow, 2);
        assertThat(delivered).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void goneHolePassesAfterTheCapAndNotBefore() {
        data(quick, 3);
        settle(slow);
        bond.run(CAP_MILLIS - 5);
        assertThat(delivered).containsExactly(0, 1);
        bond.run(10);
        assertThat(delivered).containsExactly(0, 1, 3);
    }

    @Test
    void holeIsNotGoneWhileALinkMayStillBringIt() {
        data(quick, 3);
        bond.run(CAP_MILLIS + 50);
        assertThat(delivered).as("the slow link has not settled").containsExactly(0, 1);
        data(slow, 2);
        assertThat(delivered).containsExactly(0, 1, 2, 3);
    }

    @Test
    void silenceOfALinkIsWaitedForWithABound() {
        data(quick, 3);
        bond.run(490);
        assertThat(delivered).containsExactly(0, 1);
        bond.run(60);
        assertThat(delivered).containsExactly(0, 1, 3);
    }

    @Test
    void linkThatIsDownIsNotWaitedFor() {
        data(quick, 3);
        slow.turn(LinkState.DOWN);
        bond.run(CAP_MILLIS + 5);
        assertThat(delivered).containsExactly(0, 1, 3);
    }

    @Test
    void expiryPassesOneHole() {
        data(quick, 3);
        settle(slow);
        bond.run(100);
        data(quick, 5);
        settle(slow);
        bond.run(CAP_MILLIS - 95);
        assertThat(delivered).as("the second hole is younger").containsExactly(0, 1, 3);
        data(slow, 4);
        assertThat(delivered).containsExactly(0, 1, 3, 4, 5);
    }

    @Test
    void latePieceIsNotDeliveredOutOfTurn() {
        data(quick, 3);
        settle(slow);
        bond.run(CAP_MILLIS + 5);
        data(slow, 2);
        assertThat(delivered).containsExactly(0, 1, 3);
        assertThat(bond.b.counters.get("mux_duplicate")).isEqualTo(1);
    }

    @Test
    void floorPassesAllHolesBelowIt() {
        data(quick, 3);
        data(quick, 5);
        data(quick, 8);
        chunk(slow, bond.nowNanos(), ChunkLayout.KIND_FLOOR, FlowClass.ORDERED, SLOT, 5);
        assertThat(delivered).containsExactly(0, 1, 3, 5);
        chunk(slow, bond.nowNanos(), ChunkLayout.KIND_FLOOR, FlowClass.ORDERED, SLOT, 7);
        assertThat(delivered).containsExactly(0, 1, 3, 5);
        data(slow, 7);
        assertThat(delivered).containsExactly(0, 1, 3, 5, 7, 8);
    }

    @Test
    void floorBeyondAllThatCameIsBelieved() {
        chunk(slow, bond.nowNanos(), ChunkLayout.KIND_FLOOR, FlowClass.ORDERED, SLOT, 4);
        data(quick, 4);
        assertThat(delivered).containsExactly(0, 1, 4);
    }

    @Test
    void noFlowWaitsForAnother() {
        data(quick, 3);
        chunk(quick, bond.nowNanos(), ChunkLayout.KIND_DATA, FlowClass.ORDERED, OTHER_SLOT, 0);
        assertThat(delivered).containsExactly(0, 1, 0);
    }

    @Test
    void unorderedPacketsComeAtOnceAndOnce() {
        for (int sequence : new int[] {4, 0, 4, 2, 0, 1, 3, 2}) {
            chunk(quick, bond.nowNanos(), ChunkLayout.KIND_DATA, FlowClass.UNORDERED, SLOT, sequence);
        }
        assertThat(delivered).containsExactly(0, 1, 4, 0, 2, 1, 3);
    }

    @Test
    void newestFarAheadPassesWhatIsTooFarBehind() {
        data(quick, 3);
        data(quick, 10_000);
        assertThat(delivered).containsExactly(0, 1, 3);
        bond.run(1_000);
        assertThat(delivered).containsExactly(0, 1, 3, 10_000 & 0xFF);
    }

    @Test
    void packetWithAMissingMiddleIsDroppedWhole() {
        part(2, ChunkLayout.FLAG_FIRST);
        part(4, ChunkLayout.FLAG_LAST);
        data(quick, 5);
        settle(slow);
        bond.run(CAP_MILLIS + 5);
        assertThat(delivered).containsExactly(0, 1, 5);
        assertThat(bond.b.counters.get("mux_incomplete")).isEqualTo(2);
        assertThat(((BondingMultiplexer) bond.b.mux).heldBytes()).isZero();
    }

    @Test
    void flowIsHeldToTheDelayItsSenderTells() {
        playout(30);
        data(quick, 2);
        bond.run(25);
        assertThat(delivered).containsExactly(0, 1);
        bond.run(10);
        assertThat(delivered).containsExactly(0, 1, 2);
    }

    @Test
    void heldFlowStaysInOrderAndNoOtherIsHeld() {
        playout(30);
        data(quick, 2);
        bond.run(10);
        data(quick, 4);
        chunk(quick, bond.nowNanos(), ChunkLayout.KIND_DATA, FlowClass.ORDERED, OTHER_SLOT, 0);
        chunk(quick, bond.nowNanos(), ChunkLayout.KIND_DATA, FlowClass.UNORDERED, SLOT, 0);
        assertThat(delivered).containsExactly(0, 1, 0, 0);
        bond.run(22);
        data(slow, 3); // sent again, later than what is behind it
        assertThat(delivered).containsExactly(0, 1, 0, 0, 2);
        bond.run(12);
        assertThat(delivered).containsExactly(0, 1, 0, 0, 2, 3, 4);
    }

    @Test
    void newerWordEndsTheHold() {
        playout(200);
        data(quick, 2);
        data(quick, 3);
        playout(0);
        bond.run(1);
        assertThat(delivered).containsExactly(0, 1, 2, 3);
    }

    private void playout(long millis) {
        int units = (int) (millis * FakePath.MILLI / ChunkLayout.PLAYOUT_UNIT_NANOS);
        chunk(quick, bond.nowNanos(), ChunkLayout.KIND_PLAYOUT, FlowClass.ORDERED, SLOT, units);
    }

    private void data(FakeLink link, int sequence) {
        chunk(link, bond.nowNanos(), ChunkLayout.KIND_DATA, FlowClass.ORDERED, SLOT, sequence);
    }

    private void part(int sequence, int flag) {
        receive(quick, bond.nowNanos(), ChunkLayout.KIND_DATA, flag, SLOT, sequence);
    }

    private void chunk(FakeLink link, long sentNanos, int kind, FlowClass flowClass, int slot, int sequence) {
        int whole = kind == ChunkLayout.KIND_DATA ? ChunkLayout.FLAG_FIRST | ChunkLayout.FLAG_LAST : 0;
        receive(link, sentNanos, kind, whole | ChunkLayout.classFlags(flowClass), slot, sequence);
    }

    private void receive(FakeLink link, long sentNanos, int kind, int flags, int slot, int sequence) {
        ByteBuffer payload = ByteBuffer.allocate(40);
        Piece.writeHeader(payload, kind, flags | ChunkLayout.FLAG_LAST_IN_PAYLOAD, slot, sequence);
        if (kind == ChunkLayout.KIND_DATA) {
            payload.put((byte) sequence).put((byte) 0);
        }
        payload.flip();
        bond.b.call(mux -> mux.received(link, new Arrival(0, sentNanos, bond.nowNanos()), payload));
        bond.b.call(mux -> mux.settled(link, sentNanos));
    }

    private void settle(FakeLink link) {
        bond.b.call(mux -> mux.settled(link, bond.nowNanos()));
    }
}
