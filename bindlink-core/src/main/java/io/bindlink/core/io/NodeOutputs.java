package io.bindlink.core.io;

import io.bindlink.api.Event;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkStats;
import io.bindlink.core.link.Transmit;
import io.bindlink.core.session.DialRequest;
import io.bindlink.core.session.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Polls what a node puts out and passes it on: datagrams to their sockets' queues, everything else to the
 * {@link EngineOutput}. Under the engine's lock.
 */
final class NodeOutputs {
    /** Datagrams under one hold of the lock: they are sealed already, and many make long trains. */
    private static final int BATCH = 64;

    private static final NodeSocket[] NO_SOCKETS = {};

    private final Node node;
    private final SocketTable sockets;
    private final EngineOutput output;
    private final Consumer<List<LinkStats>> linksChanged;
    private final Runnable afterPoll;
    private final int[] tickets = new int[LinkId.MAX + 1]; // by link id: the newest dial's
    private final List<NodeSocket> retired = new ArrayList<>();
    private boolean told;

    NodeOutputs(
            Node node,
            SocketTable sockets,
            EngineOutput output,
            Consumer<List<LinkStats>> linksChanged,
            Runnable afterPoll) {
        this.node = node;
        this.sockets = sockets;
        this.output = output;
        this.linksChanged = linksChanged;
        this.afterPoll = afterPoll;
    }

    /** Polls everything, but no more than a batch of datagrams. Answers whether there may be more. */
    boolean poll() {
        for (int i = 0; i < BATCH; i++) {
            Transmit next = node.pollTransmit();
            if (next == null) {
                pollRest();
                return false;
            }
            sockets.enqueue(next);
        }
        return true;
    }

    private void pollRest() {
        for (DialRequest next = node.pollDial(); next != null; next = node.pollDial()) {
            output.dial(next, ++tickets[next.linkId().value()]);
        }
        for (int next = node.pollUnusedSocket(); next != 0; next = node.pollUnusedSocket()) {
            NodeSocket socket = sockets.remove(next);
            if (socket != null) {
                retired.add(socket);
            }
        }
        if (pollEvents()) {
            publishLinks();
        }
        afterPoll.run();
    }

    private boolean pollEvents() {
        boolean any = false;
        for (Event next = node.pollEvent(); next != null; next = node.pollEvent()) {
            output.publish(next);
            any = true;
        }
        told |= any;
        return any;
    }

    /** Polls what a closed node leaves behind. */
    void pollLast() {
        for (Transmit next = node.pollTransmit(); next != null; next = node.pollTransmit()) {
            sockets.enqueue(next);
        }
        pollEvents();
        linksChanged.accept(List.of());
    }

    /** Tells of all links as they are now. */
    void publishLinks() {
        linksChanged.accept(node.stats().links());
    }

    /** Whether events were published since the last call. */
    boolean takeTold() {
        boolean was = told;
        told = false;
        return was;
    }

    /** Sockets that are not needed any more, to be closed when what they are to send is sent. */
    NodeSocket[] takeRetired() {
        NodeSocket[] taken = retired.toArray(NO_SOCKETS);
        retired.clear();
        return taken;
    }

    /** Whether a dial's outcome is still waited for. */
    boolean awaits(LinkId linkId, int ticket) {
        return tickets[linkId.value()] == ticket;
    }

    /** The dial under way for a link is for nothing. */
    void cancelDial(LinkId linkId) {
        tickets[linkId.value()]++;
    }
}
