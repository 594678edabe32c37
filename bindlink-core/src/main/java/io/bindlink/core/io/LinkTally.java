package io.bindlink.core.io;

import io.bindlink.api.Counter;
import io.bindlink.api.Event;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkState;
import java.util.BitSet;

/** Counts what the states of links tell. Under the engine's lock. */
final class LinkTally {
    private final IoCounters counters;
    private final BitSet wereUp = new BitSet(LinkId.MAX + 1);

    LinkTally(IoCounters counters) {
        this.counters = counters;
    }

    void handleEvent(Event event) {
        if (!(event instanceof Event.LinkChanged change)) {
            return;
        }
        int link = change.link().value();
        if (change.from() == LinkState.SUSPECT && change.to() == LinkState.DOWN) {
            counters.add(LinkFailure.TIMEOUT.counter());
        }
        if (change.to() == LinkState.UP) {
            if (change.from() == LinkState.DOWN && wereUp.get(link)) {
                counters.add(Counter.LINK_RECONNECTS);
            }
            wereUp.set(link);
        }
        if (change.to() == LinkState.CLOSED) {
            wereUp.clear(link); // its number may be given to another one
        }
    }
}
