package io.bindlink.tun.tcp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A listening socket, and what becomes of the connections it accepts. Confined to its loop once that runs. */
final class Entrance implements Watched {
    private static final int BACKLOG = 1_024;
    private static final int BATCH = 64;
    private static final long RETRY_MILLIS = 50;

    private final ServerSocketChannel channel;
    private final InetSocketAddress address;
    private final BiConsumer<Loop, SocketChannel> taker;
    private @Nullable Loop loop;
    private @Nullable SelectionKey key;
    private long retryNanos = Long.MAX_VALUE;

    private Entrance(ServerSocketChannel channel, BiConsumer<Loop, SocketChannel> taker) throws IOException {
        this.channel = channel;
        this.address = (InetSocketAddress) channel.getLocalAddress();
        this.taker = taker;
    }

    /** Binds at once; nothing is accepted before {@link #begin}. */
    static Entrance bind(Endpoint local, BiConsumer<Loop, SocketChannel> taker) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(local.resolve(), BACKLOG);
            return new Entrance(channel, taker);
        } catch (IOException e) {
            channel.close();
            String why = e instanceof UnknownHostException ? "no such address" : e.getMessage();
            throw new IOException("cannot listen on " + local + ": " + why, e);
        }
    }

    InetSocketAddress address() {
        return address;
    }

    void begin(Loop serving) throws IOException {
        loop = serving;
        key = serving.register(channel, SelectionKey.OP_ACCEPT, this);
        serving.watch(this);
    }

    @Override
    public void handleReady() {
        Loop serving = loop;
        SelectionKey accepting = key;
        if (serving == null || accepting == null || !accepting.isValid()) {
            return;
        }
        retryNanos = Long.MAX_VALUE;
        try {
            accepting.interestOps(SelectionKey.OP_ACCEPT);
            for (int i = 0; i < BATCH; i++) {
                SocketChannel socket = channel.accept();
                if (socket == null) {
                    return;
                }
                taker.accept(serving, socket);
            }
        } catch (IOException e) { // out of descriptors, which only time mends
            accepting.interestOps(0);
            retryNanos = Loop.inMillis(RETRY_MILLIS);
        }
    }

    @Override
    public long deadlineNanos() {
        return retryNanos;
    }

    @Override
    public void abort() {
        Sockets.closeQuietly(channel);
    }
}
