package io.bindlink.core.stream;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.PacketSink;
import io.bindlink.api.Role;
import io.bindlink.api.TunDevice;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The device that carries byte streams instead of IP packets: each stream is a reliable flow of its own. The slave's
 * streams have odd numbers, the master's even ones. A number is used once in the life of a device, so that a write which
 * the end of a session overtakes never lands in a newer stream.
 *
 * <p>Streams live within one session, which outlives the death of all links for a while (60 seconds, unless {@link
 * io.bindlink.core.BindlinkBuilder#sessionTimeout} says otherwise). When it ends they are reset, and new ones can be opened
 * in the next. Thread-safe.
 */
public final class Streams implements TunDevice {
    /** How many streams of the peer wait to be accepted unless said otherwise. */
    public static final int DEFAULT_BACKLOG = 64;

    /** Bytes that travel together unless said otherwise: some milliseconds' worth, so that calls cost little for each. */
    public static final int DEFAULT_PIECE_BYTES = Blocks.BLOCK_BYTES;

    private static final int MAX_NUMBER = Integer.MAX_VALUE - 2; // a thousand a second last for twelve days

    private final String name;
    private final int mtuBytes;
    private final int backlog;
    private final Map<Integer, ByteStream> streams = new ConcurrentHashMap<>();
    private final Owed owed = new Owed();
    private final Blocks blocks = new Blocks();
    private final AtomicLong skippedMessages = new AtomicLong();

    /** Guards what follows; held for moments, and never while the engine is called. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final Queue<ByteStream> arrived = new ArrayDeque<>();
    private boolean sessionUp;
    private boolean closed;
    private Role role = Role.SLAVE;
    private int opened;
    private volatile PacketSink sink = new NoSink();
    private volatile @Nullable Runnable arrival;

    /** A device of the usual kind: 64 streams of the peer waiting. */
    public Streams() {
        this("streams", DEFAULT_PIECE_BYTES, DEFAULT_BACKLOG);
    }

    /**
     * A device.
     *
     * @param name what people see
     * @param mtuBytes bytes of a stream that travel together, 576..65,535: much costs less, but what is lost of it holds
     *     up the rest
     * @param backlog how many streams of the peer wait to be accepted; further ones are refused. 0: none is taken
     */
    public Streams(String name, int mtuBytes, int backlog) {
        if (mtuBytes < 576 || mtuBytes > 65_535) {
            throw new IllegalArgumentException("MTU " + mtuBytes + " is not in 576..65535");
        }
        this.name = name;
        this.mtuBytes = mtuBytes;
        this.backlog = backlog;
    }

    /**
     * Opens a stream. Does not wait for the peer, which may still refuse it: {@link ByteStream#awaitAccepted} does.
     *
     * @param streamName what the peer is told it is for, at most 300 bytes in UTF-8
     * @return the stream
     * @throws StreamResetException if no session with the peer is up
     * @throws IOException if the device is closed or has used all its numbers
     */
    public ByteStream open(String streamName) throws IOException {
        if (streamName.getBytes(StandardCharsets.UTF_8).length > StreamMessages.MAX_NAME_BYTES) {
            throw new IllegalArgumentException("a stream's name has at most 300 bytes in UTF-8");
        }
        ByteStream stream;
        lock.lock();
        try {
            checkOpen();
            if (!sessionUp) {
                throw new StreamResetException(ResetCode.SESSION_ENDED, "no session with the peer is up");
            }
            int number = 2 * opened + (role == Role.SLAVE ? 1 : 2);
            if (number >= MAX_NUMBER) {
                throw new IOException("all numbers of streams were used; restart this node");
            }
            opened++;
            stream = new ByteStream(this, number, streamName);
            streams.put(number, stream);
        } finally {
            lock.unlock();
        }
        try {
            stream.sendOpen();
        } catch (IOException e) {
            stream.fail(ResetCode.CANCELLED, "could not be opened");
            throw e;
        }
        return stream;
    }

    /**
     * Takes the next stream that the peer opened; waits until there is one.
     *
     * @return the stream
     * @throws InterruptedIOException if the thread was interrupted
     * @throws IOException if the device is closed
     */
    public ByteStream accept() throws IOException {
        lock.lock();
        try {
            while (true) {
                checkOpen();
                ByteStream stream = arrived.poll();
                if (stream != null) {
                    return stream;
                }
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a stream");
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the next stream that the peer opened, if there is one.
     *
     * @return the stream, or null
     */
    public @Nullable ByteStream poll() {
        lock.lock();
        try {
            return arrived.poll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has somebody told when {@link #poll} is worth a try. It is called by a thread of the bond's: it must return at once
     * and only note it.
     *
     * @param task to be run; null: none
     */
    public void onArrival(@Nullable Runnable task) {
        arrival = task;
    }

    /**
     * How many streams are open.
     *
     * @return 0 or more
     */
    public int size() {
        return streams.size();
    }

    /**
     * How many messages of a kind not known here the peer has sent: a newer version would understand them.
     *
     * @return 0 or more
     */
    public long skippedMessages() {
        return skippedMessages.get();
    }

    // ---- TunDevice ----

    @Override
    public String name() {
        return name;
    }

    @Override
    public Kind kind() {
        return Kind.STREAMS;
    }

    @Override
    public int mtuBytes() {
        return mtuBytes;
    }

    /** Sends what nobody waits for until the device is closed. Everything else goes by its writer's thread. */
    @Override
    public void run(PacketSink toMultiplexer) throws IOException {
        begin(toMultiplexer);
        owed.run(toMultiplexer);
    }

    /** Takes note of the way to the multiplexer. A session may be up before, and streams opened. */
    void begin(PacketSink toMultiplexer) {
        sink = toMultiplexer;
        accepting(0);
    }

    /** Sends what nobody waits for and can be sent now. */
    void sendOwed() {
        owed.send(sink);
    }

    @Override
    public boolean send(ByteBuffer packet, PacketInfo info) {
        int number = info.flow();
        int dataBytes = StreamMessages.dataBytes(packet);
        ByteStream stream = streams.get(number);
        if (stream != null && dataBytes > 0 && !stream.offer(dataBytes)) {
            return false;
        }
        if (dataBytes >= 0) {
            StreamMessages.parse(packet, new Arriving(number));
        } else if (stream != null) {
            stream.reset(ResetCode.PROTOCOL, "a message made no sense");
        }
        return true;
    }

    @Override
    public void accepting(int flow) {
        if (flow == 0) {
            streams.values().forEach(ByteStream::handleAccepting);
        } else {
            ByteStream stream = streams.get(flow);
            if (stream != null) {
                stream.handleAccepting();
            }
        }
        owed.retry();
    }

    @Override
    public void sessionStarted(Role role) {
        lock.lock();
        try {
            this.role = role;
            sessionUp = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void sessionEnded() {
        failAll(ResetCode.SESSION_ENDED, "the session ended");
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        owed.close();
        failAll(ResetCode.SESSION_ENDED, "the device was closed");
    }

    // ---- for the streams ----

    Blocks blocks() {
        return blocks;
    }

    void owe(ByteStream stream) {
        owed.add(stream);
    }

    PacketSink sink() {
        return sink;
    }

    boolean submit(Packet packet, int number) {
        return sink.submit(packet, number, Delivery.RELIABLE, Offload.NONE);
    }

    void writable(int number) {
        sink.writable(number);
    }

    void sendReset(int number, ResetCode code, String text) {
        lock.lock();
        try {
            if (sessionUp) {
                owed.add(number, code, text);
            }
        } finally {
            lock.unlock();
        }
    }

    void forget(ByteStream stream) {
        streams.remove(stream.number(), stream);
    }

    // ---- inside ----

    private void checkOpen() throws IOException {
        if (closed) {
            throw new IOException(name + " is closed");
        }
    }

    private void failAll(ResetCode code, String text) {
        lock.lock();
        try {
            sessionUp = false;
            arrived.clear();
            owed.clear();
        } finally {
            lock.unlock();
        }
        List.copyOf(streams.values()).forEach(stream -> stream.fail(code, text));
    }

    private void handleOpen(int number, String streamName) {
        if (arrives(number, streamName)) {
            Runnable task = arrival;
            if (task != null) {
                task.run();
            }
        }
    }

    private boolean arrives(int number, String streamName) {
        lock.lock();
        try {
            boolean mine = (number % 2 == 1) == (role == Role.SLAVE);
            if (!sessionUp || mine || streams.containsKey(number)) {
                return false;
            }
            if (arrived.size() >= backlog) {
                owed.add(number, ResetCode.REFUSED, backlog == 0 ? "takes no streams" : "too many streams wait");
                return false;
            }
            ByteStream stream = new ByteStream(this, number, streamName);
            streams.put(number, stream);
            arrived.add(stream);
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Applies the messages of one packet to its stream. */
    private final class Arriving implements StreamMessages.Visitor {
        private final int number;

        Arriving(int number) {
            this.number = number;
        }

        @Override
        public void onOpen(String streamName) {
            handleOpen(number, streamName);
        }

        @Override
        public void onData(ByteBuffer bytes) {
            ByteStream stream = streams.get(number);
            if (stream != null && !stream.handleData(bytes)) {
                stream.reset(ResetCode.PROTOCOL, "bytes after the end");
            }
        }

        @Override
        public void onFin() {
            ByteStream stream = streams.get(number);
            if (stream != null) {
                stream.handleFin();
            }
        }

        @Override
        public void onAccept() {
            ByteStream stream = streams.get(number);
            if (stream != null) {
                stream.handleAccept();
            }
        }

        @Override
        public void onReset(ResetCode code, String text) {
            ByteStream stream = streams.get(number);
            if (stream != null) {
                stream.fail(code, text);
            }
        }

        @Override
        public void onUnknown(int type) {
            skippedMessages.incrementAndGet();
        }
    }
}
