package io.bindlink.core.io;

import io.bindlink.api.Event;
import io.bindlink.api.LinkState;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a node's events to the log, a line each. Thread-safe. */
final class EventLog implements Consumer<Event> {
    private static final Logger LOG = LoggerFactory.getLogger("io.bindlink");

    @Override
    public void accept(Event event) {
        if (event instanceof Event.KeysRenewed) {
            LOG.debug("{}", event);
        } else if (event instanceof Event.Refused || event instanceof Event.Unanswered || isLoss(event)) {
            LOG.warn("{}", event);
        } else if (event instanceof Event.Closed closed && closed.cause().isPresent()) {
            LOG.error("closed by a failure", closed.cause().get());
        } else {
            LOG.info("{}", event);
        }
    }

    private static boolean isLoss(Event event) {
        return event instanceof Event.LinkChanged change && change.to() == LinkState.DOWN;
    }
}
