package io.bindlink.tun.tcp;

import io.bindlink.core.stream.ResetCode;
import java.nio.ByteBuffer;

/**
 * What a client and a proxy say to each other before the first byte that is carried: the proxy's side, without a socket.
 * Whatever the client sends, it answers or ends, and never throws. Confined to its connection.
 */
interface Negotiation {
    /** What is to be done next. */
    sealed interface Step {}

    /** Nothing, until more has come. */
    record More() implements Step {}

    /** Say something and go on with what has come already. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Say(byte[] bytes) implements Step {}

    /** Join the client to a target. */
    record Join(Endpoint target) implements Step {}

    /** Say something, if it is worth it, and end the connection. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record End(byte[] bytes) implements Step {}

    /** No more than one of these is needed. */
    More MORE = new More();

    /**
     * Goes on.
     *
     * @param received what has come and was not yet consumed; what is consumed is taken off. After {@link Join} the rest is
     *     for the target
     */
    Step handle(ByteBuffer received);

    /** What to tell a client that has been joined to its target. */
    byte[] joined();

    /** What to tell a client whose target could not be joined. */
    byte[] failed(ResetCode why, String text);
}
