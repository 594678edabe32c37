package io.bindlink.core.stream;

import io.bindlink.api.Packet;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One reliable stream of bytes to the peer, and one back. Either direction can be finished by itself; a stream that is
 * closed before both are is reset, so that neither end takes a part for the whole. Thread-safe; reads and writes block.
 */
public final class ByteStream implements AutoCloseable {
    private final Streams device;
    private final int number;
    private final String name;

    /** Held by a writer across its call, so that messages enter the flow one after the other. */
    private final ReentrantLock writing = new ReentrantLock();

    /** Guards what follows; held for moments, and never while the engine is called. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final InboundBuffer inbound = new InboundBuffer();
    private boolean refusedPacket;
    private boolean finReceived;
    private boolean finSent;
    private long acceptances;
    private @Nullable StreamResetException end;

    ByteStream(Streams device, int number, String name) {
        this.device = device;
        this.number = number;
        this.name = name;
    }

    /**
     * The stream's number, which is also its flow's.
     *
     * @return over 0; odd when the slave opened the stream
     */
    public int number() {
        return number;
    }

    /**
     * What the stream was opened as.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * How many bytes travel together: writes of a multiple of it waste nothing.
     *
     * @return over 500
     */
    public int pieceBytes() {
        return device.mtuBytes() - StreamMessages.DATA_OVERHEAD;
    }

    /**
     * Reads what has arrived; waits until there is something.
     *
     * @param target where the bytes go
     * @param offset the first one's place
     * @param length most bytes wanted, over 0
     * @return how many, over 0, or -1 when the peer has finished and everything was read
     * @throws StreamResetException if the stream was reset
     * @throws InterruptedIOException if the thread was interrupted
     * @throws IOException never otherwise
     */
    public int read(byte[] target, int offset, int length) throws IOException {
        int taken;
        boolean roomAgain;
        lock.lock();
        try {
            while (inbound.size() == 0 && !finReceived) {
                checkNotReset();
                await();
            }
            taken = inbound.take(target, offset, length);
            roomAgain = refusedPacket && inbound.size() <= InboundBuffer.CAPACITY_BYTES / 2;
            refusedPacket &= !roomAgain;
        } finally {
            lock.unlock();
        }
        if (roomAgain) {
            device.writable(number);
        }
        return taken == 0 ? -1 : taken;
    }

    /**
     * Writes all of some bytes; waits while the bond does not take them.
     *
     * @param source where they are
     * @param offset the first one's place
     * @param length how many
     * @throws StreamResetException if the stream was reset; some of the bytes may have gone out
     * @throws InterruptedIOException if the thread was interrupted; some of the bytes may have gone out
     * @throws IOException if {@link #finish} was called before
     */
    public void write(byte[] source, int offset, int length) throws IOException {
        writing.lock();
        try {
            checkNotFinished();
            for (int done = 0; done < length; ) {
                int piece = Math.min(length - done, pieceBytes());
                Packet packet = acquire();
                StreamMessages.writeData(packet.data(), source, offset + done, piece);
                submit(packet);
                done += piece;
            }
        } finally {
            writing.unlock();
        }
    }

    /**
     * Tells the peer that nothing more will be written. What the peer writes can still be read. Idempotent.
     *
     * @throws StreamResetException if the stream was reset
     * @throws InterruptedIOException if the thread was interrupted while the bond did not take the message
     * @throws IOException never otherwise
     */
    public void finish() throws IOException {
        writing.lock();
        try {
            if (finSent) { // written under both locks
                return;
            }
            Packet packet = acquire();
            StreamMessages.writeFin(packet.data());
            submit(packet);
            finished();
        } finally {
            writing.unlock();
        }
    }

    /**
     * Waits until both ends have finished.
     *
     * @throws StreamResetException if the stream was reset
     * @throws InterruptedIOException if the thread was interrupted
     */
    public void awaitEnd() throws StreamResetException, InterruptedIOException {
        lock.lock();
        try {
            while (!finSent || !finReceived) {
                checkNotReset();
                await();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the stream at once at both ends; whoever waits in it gets a {@link StreamResetException}. Never waits, and does
     * nothing to a stream that has ended.
     *
     * @param code why; not {@link ResetCode#SESSION_ENDED}
     * @param text the same for people, of which 255 bytes reach the peer
     */
    public void reset(ResetCode code, String text) {
        if (code == ResetCode.SESSION_ENDED) {
            throw new IllegalArgumentException("only the end of a session resets with " + code);
        }
        if (fail(code, text)) {
            device.sendReset(number, code, text);
        }
    }

    /** Ends the stream: quietly when both ends have finished, else by a reset. Idempotent; never waits. */
    @Override
    public void close() {
        reset(ResetCode.CANCELLED, "closed before its end");
    }

    // ---- for the device ----

    /** Sends the first message. */
    void sendOpen() throws IOException {
        writing.lock();
        try {
            Packet packet = acquire();
            StreamMessages.writeOpen(packet.data(), name);
            submit(packet);
        } finally {
            writing.unlock();
        }
    }

    /** Whether bytes that arrived fit; if not, the device is told when they do. */
    boolean offer(int bytes) {
        lock.lock();
        try {
            refusedPacket = !inbound.hasRoom(bytes);
            return !refusedPacket;
        } finally {
            lock.unlock();
        }
    }

    /** Takes bytes for which {@link #offer} found room; returns false if they come after the end. */
    boolean handleData(ByteBuffer bytes) {
        lock.lock();
        try {
            if (finReceived) {
                return false;
            }
            if (end == null) {
                inbound.add(bytes);
                changed.signalAll();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the peer's word that nothing more follows. */
    void handleFin() {
        lock.lock();
        try {
            if (end == null) {
                finReceived = true;
                changed.signalAll();
                forgetIfEnded();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets a writer try again. */
    void handleAccepting() {
        lock.lock();
        try {
            acceptances++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the stream unless it has ended. What arrived before the peer finished can still be read: it is whole.
     *
     * @return whether it was open
     */
    boolean fail(ResetCode code, String text) {
        lock.lock();
        try {
            if (end != null || (finSent && finReceived)) {
                return false;
            }
            end = new StreamResetException(code, text);
            if (!finReceived) {
                inbound.clear();
            }
            changed.signalAll();
            device.forget(this);
            return true;
        } finally {
            lock.unlock();
        }
    }

    // ---- inside ----

    private Packet acquire() throws IOException {
        while (true) {
            long seen = acceptances();
            Packet packet = device.sink().acquire();
            if (packet != null) {
                return packet;
            }
            awaitAcceptance(seen);
        }
    }

    private void submit(Packet packet) throws IOException {
        packet.data().flip();
        boolean taken = false;
        try {
            while (!taken) {
                long seen = acceptances();
                taken = device.submit(packet, number);
                if (!taken) {
                    awaitAcceptance(seen);
                }
            }
        } finally {
            if (!taken) {
                packet.release();
            }
        }
    }

    /** How often the flow was said to take packets again; to be asked before an attempt, lest a call be missed. */
    private long acceptances() throws StreamResetException {
        lock.lock();
        try {
            checkNotReset();
            return acceptances;
        } finally {
            lock.unlock();
        }
    }

    private void awaitAcceptance(long seen) throws IOException {
        lock.lock();
        try {
            while (acceptances == seen) {
                checkNotReset();
                await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void finished() {
        lock.lock();
        try {
            finSent = true;
            changed.signalAll();
            forgetIfEnded();
        } finally {
            lock.unlock();
        }
    }

    private void forgetIfEnded() {
        if (finSent && finReceived) {
            device.forget(this);
        }
    }

    private void checkNotFinished() throws IOException {
        if (finSent) {
            throw new IOException("stream " + number + " was finished, it takes no more bytes");
        }
    }

    private void checkNotReset() throws StreamResetException {
        if (end != null) {
            throw new StreamResetException(end.code(), String.valueOf(end.getMessage()));
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
    private void await() throws InterruptedIOException {
        try {
            changed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting in stream " + number);
        }
    }
}
