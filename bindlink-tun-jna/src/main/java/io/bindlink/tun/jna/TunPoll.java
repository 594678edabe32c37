package io.bindlink.tun.jna;

import java.io.IOException;

/**
 * Waits until a tun has packets or {@link #wake} is called: a thread that waits in {@code read} is woken neither by an
 * interrupt nor by the descriptor being closed.
 *
 * <pre>
 * struct pollfd, twice:  0  i32 descriptor  i16 events  i16 events that came
 * </pre>
 *
 * <p>One thread waits; any may wake it.
 */
final class TunPoll {
    private static final int ENTRY_BYTES = 8;
    private static final int EVENTS_OFFSET = 4;
    private static final int ENTRIES = 2;
    private static final int FOR_EVER = -1;

    private final NativeMemory entries = new NativeMemory(ENTRIES * ENTRY_BYTES);
    private final NativeMemory one = new NativeMemory(Long.BYTES);
    private final NativeMemory taken = new NativeMemory(Long.BYTES);
    private final int event;

    TunPoll(int tun) throws IOException {
        event = Libc.eventfd(0, Libc.O_CLOEXEC | Libc.O_NONBLOCK);
        if (event < 0) {
            throw Refusal.of("an eventfd", Libc.errno());
        }
        one.bytes().putLong(0, 1);
        watch(0, tun);
        watch(1, event);
    }

    private void watch(int entry, int descriptor) {
        entries.bytes()
                .putInt(entry * ENTRY_BYTES, descriptor)
                .putShort(entry * ENTRY_BYTES + EVENTS_OFFSET, Libc.POLLIN);
    }

    /**
     * Waits; at once when it was woken since the last time. What came does not matter: the next read tells, also of a failure, which
     * wakes it, too.
     */
    void await() throws IOException {
        if (Libc.poll(entries.address(), ENTRIES, FOR_EVER) < 0 && Libc.errno() != Libc.EINTR) {
            throw Refusal.of("waiting for the tun device", Libc.errno());
        }
        if (entries.bytes().getShort(ENTRY_BYTES + EVENTS_OFFSET + Short.BYTES) != 0) {
            long unused = Libc.read(event, taken.address(), Long.BYTES);
        }
    }

    /** Wakes the waiting thread, or the next that comes. */
    void wake() {
        long unused = Libc.write(event, one.address(), Long.BYTES);
    }

    void close() {
        int unused = Libc.close(event);
    }
}
