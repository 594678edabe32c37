package io.bindlink.core.io;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of a handshake with a proxy, as a state machine on bytes: input may come in pieces of any size, and
 * nothing in it throws. Confined to its dialer.
 */
interface ProxyHandshake {
    /** Bytes to send to the proxy, or null. */
    byte @Nullable [] pollOutput();

    /** Takes bytes from the proxy; what comes after the end of the handshake is left in the buffer. */
    void handleInput(ByteBuffer in);

    /** The proxy closed the connection. */
    void handleEnd();

    /** Whether it succeeded or failed. */
    boolean isOver();

    /** Whether it succeeded. */
    boolean isDone();

    /** What went wrong, to follow the proxy's name in a line for people; empty unless it failed. */
    String failure();

    /** What kind of failure it was. */
    LinkFailure failureKind();
}
