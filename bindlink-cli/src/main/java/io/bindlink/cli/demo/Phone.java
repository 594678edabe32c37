package io.bindlink.cli.demo;

import io.bindlink.core.sim.Frame;
import io.bindlink.core.sim.SimLink;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An emulated phone: a SOCKS5 server (RFC 1928, UDP ASSOCIATE without authentication) whose way into the internet has a
 * rate, delay, jitter and loss. One that listens on loopback reaches nothing beyond it. Frames in the air carry the
 * number of their association in front. Confined to the thread of its {@link Air}, except {@link #model}, {@link #port}
 * and {@link #cut}.
 */
final class Phone implements AutoCloseable {
    private final PhoneModel model;
    private final Selector selector;
    private final ServerSocketChannel server;
    private final int port;
    private final SimLink up;
    private final SimLink down;
    private final Map<Integer, Association> associations = new HashMap<>();
    private int associated;
    private volatile @Nullable Outage outage;

    /** A span of time without any air. */
    private record Outage(long fromNanos, long toNanos) {
        boolean holds(long nowNanos) {
            return nowNanos - fromNanos >= 0 && nowNanos - toNanos < 0;
        }
    }

    Phone(PhoneModel model, InetSocketAddress listen, Selector selector, RandomGenerator random) throws IOException {
        this.model = model;
        this.selector = selector;
        this.up = new SimLink(model.oneWay(), random);
        this.down = new SimLink(model.oneWay(), random);
        this.server = ServerSocketChannel.open();
        server.bind(listen);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT, (ReadyHandler) this::acceptControl);
        this.port = ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    PhoneModel model() {
        return model;
    }

    /** Port of the SOCKS5 server. */
    int port() {
        return port;
    }

    /** What went into the air so far, both ways. */
    long sentBytes() {
        return up.counts().sentBytes() + down.counts().sentBytes();
    }

    /** Cuts the air without a word for a span of time. Any thread. */
    void cut(long fromNanos, long toNanos) {
        outage = new Outage(fromNanos, toNanos);
    }

    /** Whether it is cut at a moment. Any thread. */
    boolean isCut(long nowNanos) {
        Outage planned = outage;
        return planned != null && planned.holds(nowNanos);
    }

    /** Hands on what has come through the air by now. */
    void forward(long nowNanos) throws IOException {
        applyCut(isCut(nowNanos));
        for (Frame frame = up.poll(nowNanos); frame != null; frame = up.poll(nowNanos)) {
            Association association = associationOf(frame);
            if (association != null) {
                association.sendToTarget(ByteBuffer.wrap(frame.data(), Integer.BYTES, frame.length() - Integer.BYTES));
            }
        }
        for (Frame frame = down.poll(nowNanos); frame != null; frame = down.poll(nowNanos)) {
            Association association = associationOf(frame);
            if (association != null) {
                association.sendToClient(ByteBuffer.wrap(frame.data(), Integer.BYTES, frame.length() - Integer.BYTES));
            }
        }
    }

    /** When {@link #forward} has something to do next. */
    long nextNanos() {
        long upNanos = up.nextNanos();
        long downNanos = down.nextNanos();
        if (upNanos == Long.MAX_VALUE || downNanos == Long.MAX_VALUE) {
            return Math.min(upNanos, downNanos);
        }
        return upNanos - downNanos < 0 ? upNanos : downNanos;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Association association : Map.copyOf(associations).values()) {
            association.close();
        }
    }

    private void applyCut(boolean cut) {
        if (cut != up.isCut()) {
            for (SimLink way : new SimLink[] {up, down}) {
                if (cut) {
                    way.cut();
                } else {
                    way.restore();
                }
            }
        }
    }

    private void acceptControl() throws IOException {
        for (SocketChannel control = server.accept(); control != null; control = server.accept()) {
            control.configureBlocking(false);
            int number = ++associated;
            associations.put(number, new Association(number, control, selector, new Ways()));
        }
    }

    private @Nullable Association associationOf(Frame frame) {
        return associations.get(ByteBuffer.wrap(frame.data()).getInt());
    }

    /** What an association may do with its phone. */
    final class Ways {
        /** Puts a frame into the air towards the internet. */
        void up(byte[] frame, int length) {
            launch(up, frame, length);
        }

        /** Puts a frame into the air towards the phone. */
        void down(byte[] frame, int length) {
            launch(down, frame, length);
        }

        void ended(int number) {
            associations.remove(number);
        }

        private void launch(SimLink way, byte[] frame, int length) {
            long nowNanos = System.nanoTime();
            applyCut(isCut(nowNanos));
            way.send(frame, 0, length, nowNanos);
        }
    }
}
