package io.bindlink.tun.tcp;

import io.bindlink.core.stream.ByteStream;
import io.bindlink.core.stream.StreamResetException;
import io.bindlink.core.stream.Streams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A client of the proxy until it is joined to its target, or has been told why not. The first byte says which language it
 * speaks. Confined to its loop.
 */
final class Door implements Watched {
    /** Longest request: every SOCKS message fits, and the head of every CONNECT that means well. */
    static final int BUFFER_BYTES = 8 << 10;

    private static final long PATIENCE_MILLIS = 30_000; // with a client that does not come to the point
    private static final long FAREWELL_MILLIS = 2_000; // for it to read why it was refused

    private final Loop loop;
    private final Streams streams;
    private final SocketChannel socket;
    private final @Nullable Credentials credentials;
    private final ByteBuffer received = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private final SelectionKey key;
    private @Nullable Negotiation negotiation;
    private @Nullable ByteStream stream;
    private boolean ending;
    private long deadlineNanos = Loop.inMillis(PATIENCE_MILLIS);

    private Door(Loop loop, Streams streams, SocketChannel socket, @Nullable Credentials credentials)
            throws IOException {
        this.loop = loop;
        this.streams = streams;
        this.socket = socket;
        this.credentials = credentials;
        this.key = loop.register(socket, SelectionKey.OP_READ, this);
    }

    static void open(Loop loop, Streams streams, SocketChannel socket, @Nullable Credentials credentials)
            throws IOException {
        loop.watch(new Door(loop, streams, socket, credentials));
    }

    @Override
    public void handleReady() throws IOException {
        ByteStream opened = stream;
        if (opened != null) {
            awaitTarget(opened);
        } else if (System.nanoTime() - deadlineNanos >= 0) {
            abort();
        } else if (ending) {
            drain();
        } else if (read()) {
            negotiate();
        }
    }

    /** Takes what the client sends; false when it has gone. */
    private boolean read() throws IOException {
        received.compact();
        int count = socket.read(received);
        received.flip();
        if (count < 0) {
            end(new byte[0]);
        }
        return count > 0;
    }

    private void negotiate() throws IOException {
        Negotiation language = negotiation;
        if (language == null) {
            language = language(received.get(received.position()));
            negotiation = language;
        }
        Negotiation.Step step = language.handle(received);
        while (step instanceof Negotiation.Say say) {
            write(say.bytes());
            step = language.handle(received);
        }
        if (step instanceof Negotiation.Join join) {
            join(join.target(), language);
        } else if (step instanceof Negotiation.End end) {
            end(end.bytes());
        }
    }

    private Negotiation language(byte first) {
        return first < ' ' ? new SocksNegotiation(credentials) : new HttpNegotiation(credentials);
    }

    private void join(Endpoint target, Negotiation language) throws IOException {
        key.interestOps(0);
        deadlineNanos = Long.MAX_VALUE; // the other end has its own, and always answers
        try {
            ByteStream opened = streams.open(Target.name(target));
            stream = opened;
            opened.onReady(loop.new Signal(this));
            awaitTarget(opened);
        } catch (StreamResetException e) {
            end(language.failed(e.code(), String.valueOf(e.getMessage())));
        }
    }

    private void awaitTarget(ByteStream opened) throws IOException {
        Negotiation language = negotiation;
        StreamResetException reset = opened.resetCause();
        if (language == null) {
            abort();
        } else if (reset != null) {
            stream = null;
            opened.close();
            end(language.failed(reset.code(), String.valueOf(reset.getMessage())));
        } else if (opened.isAccepted()) {
            write(language.joined());
            loop.forget(this);
            ByteBuffer rest =
                    ByteBuffer.allocate(received.remaining()).put(received).flip();
            Splice.join(loop, socket, opened, rest);
        }
    }

    /** Says why, and gives the client the time to read it: closed at once, what is unread would turn it into a reset. */
    private void end(byte[] lastWords) throws IOException {
        write(lastWords);
        socket.shutdownOutput();
        ending = true;
        deadlineNanos = Loop.inMillis(FAREWELL_MILLIS);
        key.interestOps(SelectionKey.OP_READ);
    }

    private void drain() throws IOException {
        int count;
        do {
            count = socket.read(received.clear());
        } while (count > 0);
        if (count < 0) {
            loop.forget(this);
            socket.close();
        }
    }

    /** A client that leaves no room for a few bytes does not read. */
    private void write(byte[] bytes) throws IOException {
        if (socket.write(ByteBuffer.wrap(bytes)) < bytes.length) {
            throw new IOException("the client does not read");
        }
    }

    @Override
    public long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public void abort() {
        loop.forget(this);
        ByteStream opened = stream;
        if (opened != null) {
            opened.onReady(null);
            opened.close();
        }
        Sockets.refuse(socket);
    }
}
