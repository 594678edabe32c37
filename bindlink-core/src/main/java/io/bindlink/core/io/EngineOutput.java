package io.bindlink.core.io;

import io.bindlink.api.Event;
import io.bindlink.core.session.DialRequest;

/**
 * What an engine wants done. Called under its lock, but for {@link #flushEvents} and {@link #wake}: none of it may block
 * or call the engine.
 */
interface EngineOutput {
    /**
     * A link needs a socket.
     *
     * @param request which one
     * @param ticket to be handed back with the answer
     */
    void dial(DialRequest request, int ticket);

    /** A socket is to be watched. */
    void watch(NodeSocket socket);

    /** Something happened: to be queued for the listeners. */
    void publish(Event event);

    /** The lock was given back: what was queued may go to the listeners, who may do as they like. */
    void flushEvents();

    /** The timer moved forward, or there is more to do, while the network thread may be asleep. */
    void wake();

    /** The node threw: it is to be closed. */
    void fail(Throwable cause);
}
