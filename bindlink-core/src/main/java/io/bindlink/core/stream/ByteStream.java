package io.bindlink.core.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One reliable stream of bytes to the peer, and one back. Either direction can be finished by itself; a stream that is
 * closed before both are is reset, so that neither end takes a part for the whole.
 *
 * <p>It is a channel, and {@link #inputStream} and {@link #outputStream} show it as {@code java.io} has it. Reads and writes
 * wait, unless {@link #configureBlocking} says otherwise; then {@link #onReady} tells when to try again. Nothing else ever
 * waits for the peer, but what is called {@code await}. A thread that is interrupted while it waits gets an {@link
 * InterruptedIOException} and keeps its interrupt; the stream goes on. Thread-safe; one reader and one writer at a time,
 * others queue up.
 */
public final class ByteStream implements ByteChannel {
    private final Streams device;
    private final int number;
    private final String name;

    /** Held by a writer across its call, so that messages enter the flow one after the other. */
    private final ReentrantLock writing = new ReentrantLock();

    /** Held by a reader across its call. */
    private final ReentrantLock reading = new ReentrantLock();

    private final StreamState state;
    private final Outbound outbound;
    private volatile boolean blocking = true;

    ByteStream(Streams device, int number, String name) {
        this.device = device;
        this.number = number;
        this.name = name;
        this.state = new StreamState(device.blocks());
        this.outbound = new Outbound(device, this);
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
     * Whether {@link #read} and {@link #write} wait.
     *
     * @param block true, as at first; false: they do what can be done at once
     */
    public void configureBlocking(boolean block) {
        blocking = block;
    }

    /**
     * Has somebody told when it may be worth trying again to read, to write or to ask how the stream is. It is called once
     * for several reasons, now and then for none, and by a thread of the bond's: it must return at once and only note it.
     *
     * @param task to be run; null: none
     */
    public void onReady(@Nullable Runnable task) {
        state.onReady(task);
    }

    // ---- in ----

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
            return 0;
        }
        queueUp(reading);
        try {
            return take(target);
        } finally {
            reading.unlock();
        }
    }

    private int take(ByteBuffer target) throws IOException {
        if (!state.awaitReadable(blocking)) {
            return 0;
        }
        int taken = state.take(target);
        askAgain();
        return taken == 0 ? -1 : taken;
    }

    /** Asks for a packet that was refused, when there is room for it. */
    private void askAgain() throws IOException {
        if (state.takeRoomAgain()) {
            device.writable(number);
        }
    }

    /**
     * Reads what has arrived; waits, if the stream is blocking, until there is something.
     *
     * @param target where the bytes go
     * @param offset the first one's place
     * @param length most bytes wanted, over 0
     * @return how many, or -1 when the peer has finished and everything was read; 0 when nothing is there and the stream
     *     does not block
     * @throws StreamResetException if the stream was reset
     * @throws InterruptedIOException if the thread was interrupted
     * @throws IOException never otherwise
     */
    public int read(byte[] target, int offset, int length) throws IOException {
        return read(ByteBuffer.wrap(target, offset, length));
    }

    /**
     * Reads some of what has arrived into a channel, without a copy between. Never waits for the peer.
     *
     * @param target takes the bytes; what it does not take stays here
     * @return how many it took, 0 when nothing is here or it takes none, or -1 when the peer has finished and everything was
     *     read
     * @throws StreamResetException if the stream was reset
     * @throws IOException what the channel throws
     */
    public int transferTo(WritableByteChannel target) throws IOException {
        reading.lock();
        try {
            if (!state.awaitReadable(false)) {
                return 0;
            }
            ByteBuffer head = state.head();
            if (!head.hasRemaining()) {
                return -1;
            }
            int taken = target.write(head);
            state.skip(taken);
            askAgain();
            return taken;
        } finally {
            reading.unlock();
        }
    }

    /**
     * Whether reading would give bytes or the end, now.
     *
     * @return false while nothing is here
     */
    public boolean readable() {
        return state.readable();
    }

    /** How many bytes can be read at once. */
    int availableBytes() {
        return state.availableBytes();
    }

    /**
     * The inward direction; closing it closes the stream.
     *
     * @return a view, not buffered
     */
    public InputStream inputStream() {
        return new StreamInput(this);
    }

    // ---- out ----

    @Override
    public int write(ByteBuffer source) throws IOException {
        int before = source.remaining();
        queueUp(writing);
        try {
            state.checkNotFinished(number);
            while (source.hasRemaining() && attempt(() -> outbound.sendBefore() && outbound.sendPiece(source))) {}
        } finally {
            doneWriting();
        }
        return before - source.remaining();
    }

    /**
     * Writes bytes; all of them, waiting while the bond does not take them, if the stream is blocking.
     *
     * @param source where they are
     * @param offset the first one's place
     * @param length how many
     * @return how many were taken
     * @throws StreamResetException if the stream was reset; some of the bytes may have gone out
     * @throws InterruptedIOException if the thread was interrupted; some of the bytes may have gone out
     * @throws IOException if {@link #finish} was called before
     */
    public int write(byte[] source, int offset, int length) throws IOException {
        return write(ByteBuffer.wrap(source, offset, length));
    }

    /**
     * Writes what a channel has, one piece at most. Never waits for the bond: what was read and it does not take yet is
     * kept and goes first.
     *
     * @param source where the bytes are
     * @return how many were read, 0 when there is none or the bond takes none, or -1 at the channel's end
     * @throws StreamResetException if the stream was reset
     * @throws IOException what the channel throws, or if {@link #finish} was called before
     */
    public int transferFrom(ReadableByteChannel source) throws IOException {
        writing.lock();
        try {
            state.checkNotFinished(number);
            long seen = state.acceptances();
            int count = outbound.sendBefore() ? outbound.transferFrom(source) : Outbound.NO_BUFFER;
            if (count == Outbound.NO_BUFFER || outbound.owes()) {
                state.noteFull(seen);
            }
            return count == Outbound.NO_BUFFER ? 0 : count;
        } finally {
            doneWriting();
        }
    }

    /**
     * Whether the bond took what was written last. When it did not, {@link #onReady} tells of the change.
     *
     * @return false while writing makes no sense
     */
    public boolean writable() {
        return state.writable();
    }

    /**
     * The outward direction; closing it is {@link #finish}.
     *
     * @return a view, not buffered
     */
    public OutputStream outputStream() {
        return new StreamOutput(this);
    }

    /**
     * Tells the peer that nothing more will be written. What the peer writes can still be read. Does not wait; idempotent.
     *
     * @throws StreamResetException if the stream was reset
     * @throws IOException never otherwise
     */
    public void finish() throws IOException {
        if (state.finish()) {
            outbound.oweFin();
            sayOwed();
        }
    }

    // ---- the beginning and the end ----

    /**
     * Tells the peer, which opened the stream, that what it is for has been reached. Does not wait; who writes may leave it
     * out.
     *
     * @throws IOException if the device is not running
     */
    public void accept() throws IOException {
        outbound.oweAccept();
        sayOwed();
    }

    /**
     * Whether the peer has accepted a stream that was opened here.
     *
     * @return true after its {@link #accept}
     */
    public boolean isAccepted() {
        return state.isAccepted();
    }

    /**
     * Waits until the peer has called {@link #accept}.
     *
     * @throws StreamResetException if the stream was reset
     * @throws InterruptedIOException if the thread was interrupted
     */
    public void awaitAccepted() throws StreamResetException, InterruptedIOException {
        state.awaitAccepted();
    }

    /**
     * Waits until both ends have finished.
     *
     * @throws StreamResetException if the stream was reset
     * @throws InterruptedIOException if the thread was interrupted
     */
    public void awaitEnd() throws StreamResetException, InterruptedIOException {
        state.awaitEnd();
    }

    /**
     * Why the stream was reset.
     *
     * @return the reset, or null if it was not
     */
    public @Nullable StreamResetException resetCause() {
        return state.resetCause();
    }

    @Override
    public boolean isOpen() {
        return state.resetCause() == null && !state.hasEnded();
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

    /**
     * Ends the stream: quietly when both ends have finished, else by a reset. What was not read is gone. Idempotent; never
     * waits.
     */
    @Override
    public void close() {
        if (!state.isEnding()) {
            reset(ResetCode.CANCELLED, "closed before its end");
        }
        state.discard();
    }

    // ---- for the device ----

    /** Sends the first message, or owes it. */
    void sendOpen() throws IOException {
        outbound.oweOpen();
        sayOwed();
    }

    /** Says what is owed; the device's own thread, which must not wait for a writer: that one says it itself. */
    void handleOwing() {
        if (writing.tryLock()) {
            try {
                long seen = state.acceptances();
                if (!outbound.sendOwed()) {
                    state.noteFull(seen);
                }
            } catch (IOException e) {
                // reset, or the device is closed: nothing is owed any more
            } finally {
                doneWriting();
            }
        }
    }

    boolean offer(int bytes) {
        return state.offer(bytes);
    }

    boolean handleData(ByteBuffer bytes) {
        return state.handleData(bytes);
    }

    void handleFin() {
        state.handleFin();
        forgetIfEnded();
    }

    void handleAccept() {
        state.handleAccept();
    }

    void handleFinSent() {
        state.handleFinSent();
        forgetIfEnded();
    }

    /** Lets a writer try again. */
    void handleAccepting() {
        if (state.handleAccepting()) {
            oweIfOwing();
        }
    }

    /** Ends the stream unless it has ended; answers whether it was open. */
    boolean fail(ResetCode code, String text) {
        boolean open = state.fail(code, text);
        if (open) {
            device.forget(this);
        }
        return open;
    }

    // ---- inside ----

    /** Takes a lock, which another reader or writer may have for long. */
    private static void queueUp(ReentrantLock lock) throws InterruptedIOException {
        if (lock.tryLock()) {
            return;
        }
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while another thread was at the stream");
        }
    }

    /** Something to be sent; false when the flow took nothing. */
    private interface Sending {
        boolean send() throws IOException;
    }

    /** Tries to send, again and again if the stream blocks; false: the flow is full. */
    private boolean attempt(Sending sending) throws IOException {
        while (true) {
            long seen = state.acceptances();
            if (sending.send()) {
                return true;
            }
            state.noteFull(seen);
            if (!blocking) {
                return false;
            }
            state.awaitAcceptance(seen);
        }
    }

    private void sayOwed() throws IOException {
        if (!writing.tryLock()) {
            return; // who has it says it
        }
        try {
            long seen = state.acceptances();
            if (!outbound.sendOwed()) {
                state.noteFull(seen);
            }
        } finally {
            doneWriting();
        }
    }

    /** Lets the next writer in. What was owed meanwhile by others is the device's to say. */
    private void doneWriting() {
        writing.unlock();
        oweIfOwing();
    }

    private void oweIfOwing() {
        if (outbound.owes() && state.writable() && state.resetCause() == null) {
            device.owe(this);
        }
    }

    private void forgetIfEnded() {
        if (state.hasEnded()) {
            device.forget(this);
        }
    }
}
