package io.bindlink.core.sim;

import io.bindlink.api.LinkId;
import io.bindlink.api.LinkUri;
import io.bindlink.api.Role;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One way from slave to master in a simulated bond: a simulated link in each direction, and a NAT before the slave, which
 * knows one socket of the slave's and shows one address of its own to the master. Confined to its bond.
 */
public final class SimLinkPair {
    private final SimBond bond;
    private final int index;
    private final LinkUri uri;
    private final SimLink up;
    private final SimLink down;
    private @Nullable String dialRefusal;
    private @Nullable LinkId id; // null: the slave does not have it at present
    private int socket; // 0: none
    private int mapping; // the NAT's newest entry; datagrams of older ones do not come through any more

    SimLinkPair(SimBond bond, int index, LinkUri uri, SimLink up, SimLink down) {
        this.bond = bond;
        this.index = index;
        this.uri = uri;
        this.up = up;
        this.down = down;
    }

    /**
     * Its place among the bond's links.
     *
     * @return from 1
     */
    public int index() {
        return index;
    }

    /**
     * The name the slave calls it by.
     *
     * @return the same at every call
     */
    public LinkUri uri() {
        return uri;
    }

    /**
     * Its number in the slave's sessions.
     *
     * @return empty while it is removed
     */
    public Optional<LinkId> id() {
        return Optional.ofNullable(id);
    }

    /**
     * The direction from slave to master.
     *
     * @return one half
     */
    public SimLink up() {
        return up;
    }

    /**
     * The direction from master to slave.
     *
     * @return the other half
     */
    public SimLink down() {
        return down;
    }

    /**
     * The direction in which an end sends.
     *
     * @param sender the end
     * @return {@link #up} for the slave, {@link #down} for the master
     */
    public SimLink from(Role sender) {
        return sender == Role.SLAVE ? up : down;
    }

    /** Cuts both directions: what is under way is gone. Sockets notice nothing, as in a radio hole. */
    public void cut() {
        up.cut();
        down.cut();
    }

    /** Mends both directions. */
    public void restore() {
        up.restore();
        down.restore();
    }

    /**
     * Changes both directions at once.
     *
     * @param model how they behave from now on
     */
    public void set(LinkModel model) {
        up.set(model, bond.nowNanos());
        down.set(model, bond.nowNanos());
    }

    /** The NAT forgets the slave: the master sees a new address from now on, and what it sends to the old one is lost. */
    public void rebind() {
        mapping++;
    }

    /**
     * The address the master sees at present.
     *
     * @return another one after each {@link #rebind} and for each socket
     */
    public InetSocketAddress externalAddress() {
        return SimNetwork.externalAddress(this, mapping);
    }

    /** The slave takes the link out of use, for a while. */
    public void pause() {
        pause(true);
    }

    /** The slave takes the link into use again. */
    public void resume() {
        pause(false);
    }

    private void pause(boolean paused) {
        LinkId present = id;
        if (present != null) {
            bond.slave().onNode((node, now) -> node.pauseLink(present, paused, now));
        }
    }

    /** The slave removes the link. */
    public void remove() {
        LinkId removed = id;
        id = null;
        if (removed != null) {
            bond.slave().onNode((node, now) -> node.closeLink(removed, now));
        }
    }

    /** The slave makes the link, again after {@link #remove}. */
    public void add() {
        bond.slave().onNode((node, now) -> id = node.addLink(uri, now));
    }

    /**
     * Lets the slave's attempts to make a socket fail, as a phone without its proxy does.
     *
     * @param reason what is told; null: they succeed again
     */
    public void refuseDial(@Nullable String reason) {
        dialRefusal = reason;
    }

    /**
     * The slave's socket fails, as when a phone's proxy ends.
     *
     * @param reason what is told
     */
    public void breakSocket(String reason) {
        int broken = socket;
        socket = 0;
        if (broken != 0) {
            bond.slave().onNode((node, now) -> node.handleSocketClosed(broken, reason, now));
        }
    }

    /**
     * Puts a datagram on the link as if an end had sent it.
     *
     * @param sender the end
     * @param datagram its bytes; copied
     */
    public void inject(Role sender, byte[] datagram) {
        from(sender).send(datagram, 0, datagram.length, mapping, bond.nowNanos());
    }

    @Nullable
    String dialRefusal() {
        return dialRefusal;
    }

    int socket() {
        return socket;
    }

    int mapping() {
        return mapping;
    }

    /** The slave has a new socket, and the NAT a new entry for it. */
    void open(int newSocket) {
        socket = newSocket;
        mapping++;
    }

    void closeSocket() {
        socket = 0;
    }

    @Override
    public String toString() {
        return "link " + index;
    }
}
