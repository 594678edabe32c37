package io.bindlink.core.io;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.Event;
import io.bindlink.api.LinkState;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a node's events to the log, a line each; where a failure came from is told at level debug. Thread-safe. */
final class EventLog implements Consumer<Event> {
    private static final Logger LOG = LoggerFactory.getLogger("io.bindlink");

    private final Supplier<String> masters;

    /** A log of a node that looks for its master at these places. */
    EventLog(Supplier<String> masters) {
        this.masters = masters;
    }

    @Override
    public void accept(Event event) {
        if (event instanceof Event.Unanswered) {
            LOG.warn("no answer from {}: not reachable, or the key differs", masters.get());
        } else if (event instanceof Event.Refused || event instanceof Event.FellBack || isLoss(event)) {
            LOG.warn("{}", event);
        } else if (event instanceof Event.Closed closed && closed.cause().isPresent()) {
            Throwable cause = closed.cause().get();
            LOG.error("closed by a failure: {}", text(cause));
            LOG.debug("closed by a failure", cause);
        } else {
            LOG.info("{}", event);
        }
    }

    /** A failure on one line: its own words where they were made for people. */
    static String text(Throwable failure) {
        boolean forPeople = failure instanceof IOException || failure instanceof BindlinkException;
        String text = forPeople && failure.getMessage() != null ? failure.getMessage() : failure.toString();
        return text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }

    private static boolean isLoss(Event event) {
        return event instanceof Event.LinkChanged change && change.to() == LinkState.DOWN;
    }
}
