package io.bindlink.api;

import java.util.Optional;

/**
 * Something that happened to a node and that its user may want to hear of. Immutable. {@code toString} is a line for
 * people and shows no credentials.
 */
public sealed interface Event {
    /**
     * A session with the peer is up.
     *
     * @param peer what the peer said of itself
     */
    record SessionStarted(PeerInfo peer) implements Event {
        @Override
        public String toString() {
            return "session up";
        }
    }

    /**
     * The session ended; the node goes on looking for its peer.
     *
     * @param reason for people
     */
    record SessionEnded(String reason) implements Event {
        @Override
        public String toString() {
            return "session ended: " + reason;
        }
    }

    /**
     * A link changed its state.
     *
     * @param link its number
     * @param uri what it was made from
     * @param from the state before
     * @param to the state now
     * @param reason why, for people; may be empty
     */
    record LinkChanged(LinkId link, LinkUri uri, LinkState from, LinkState to, String reason) implements Event {
        @Override
        public String toString() {
            return "link " + link + " (" + uri + ") " + from + " -> " + to + (reason.isEmpty() ? "" : ": " + reason);
        }
    }

    /**
     * A link by UDP carries nothing, and a link by TCP, through the same proxy if there is one, stands in for it. The former
     * is tried on; when it works again, the latter is closed.
     *
     * @param link the link by UDP
     * @param uri what it was made from
     * @param standIn the link by TCP
     * @param standInUri what that is made from
     * @param reason why, for people
     */
    record FellBack(LinkId link, LinkUri uri, LinkId standIn, LinkUri standInUri, String reason) implements Event {
        @Override
        public String toString() {
            return "link " + link + " (" + uri + ") goes over TCP as link " + standIn + " (" + standInUri + "): "
                    + reason;
        }
    }

    /**
     * New keys are in use.
     *
     * @param epoch which keys of the session, from 0
     */
    record KeysRenewed(long epoch) implements Event {
        @Override
        public String toString() {
            return "keys renewed, epoch " + epoch;
        }
    }

    /**
     * A handshake was refused, by the peer or by this node, for a reason both are told.
     *
     * @param reason for people
     */
    record Refused(String reason) implements Event {
        @Override
        public String toString() {
            return "refused: " + reason;
        }
    }

    /** Nobody answered for five seconds: the peer is not reachable, or its key is another one. */
    record Unanswered() implements Event {
        @Override
        public String toString() {
            return "no answer: not reachable, or the key differs";
        }
    }

    /**
     * The node is closed. The last event.
     *
     * @param cause what a throwing strategy or a failed device threw; empty after {@code close()}
     */
    record Closed(Optional<Throwable> cause) implements Event {
        @Override
        public String toString() {
            return "closed" + cause.map(c -> ": " + c).orElse("");
        }
    }
}
