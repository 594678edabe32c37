package io.bindlink.core.sim;

import io.bindlink.api.Role;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One bottleneck that several links of a bond have in common, as phones behind one cell do: what the ends send on them
 * passes it first, in both directions. The links' own models come on top. Confined to its bond.
 */
final class Cell implements Traffic {
    private final SimBond bond;
    private final List<SimLinkPair> members;
    private final SimLink up;
    private final SimLink down;
    private @Nullable RivalTcp rival;

    private Cell(SimBond bond, List<SimLinkPair> members, LinkModel model) {
        this.bond = bond;
        this.members = members;
        this.up = new SimLink(model, new SplittableRandom(1));
        this.down = new SimLink(model, new SplittableRandom(2));
    }

    /** Puts links behind one bottleneck. The bond's tap is taken. */
    static Cell around(SimBond bond, LinkModel model, SimLinkPair... members) {
        Cell cell = new Cell(bond, List.of(members), model);
        bond.add(cell);
        bond.tap(cell::handle);
        return cell;
    }

    /** Somebody else behind the same bottleneck. */
    void rival(RivalTcp other) {
        rival = other;
    }

    /** The bottleneck of what an end sends. */
    SimLink from(Role sender) {
        return sender == Role.SLAVE ? up : down;
    }

    private byte @Nullable [] handle(SimLinkPair link, Role sender, byte[] datagram) {
        if (!members.contains(link)) {
            return datagram;
        }
        from(sender).send(datagram, 0, datagram.length, link.index(), bond.nowNanos());
        return null;
    }

    @Override
    public long pollTimeout() {
        return Math.min(up.nextNanos(), down.nextNanos());
    }

    @Override
    public void handleTimeout(long nowNanos) {
        for (Role sender : Role.values()) {
            SimLink shared = from(sender);
            for (Frame frame = shared.poll(nowNanos); frame != null; frame = shared.poll(nowNanos)) {
                byte[] datagram = Arrays.copyOf(frame.data(), frame.length());
                if (frame.mark() != RivalTcp.MARK) {
                    bond.link(frame.mark()).inject(sender, datagram);
                } else if (rival != null) {
                    rival.receive(sender, ByteBuffer.wrap(datagram), nowNanos);
                }
            }
        }
    }
}
