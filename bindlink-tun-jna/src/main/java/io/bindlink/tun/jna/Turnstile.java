package io.bindlink.tun.jna;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the threads that use something, lets no more in once it is shut, and has the last one out put it away.
 *
 * <p>Descriptors need this: closing one while another thread is about to write to it would send that thread's packet
 * into whatever file gets the number next. A lock would do, but a reader that waits in the kernel holds it for ever;
 * passing through here costs two atomic steps and waits for nobody. Thread-safe.
 */
final class Turnstile {
    /** Set when shut; the other bits count who is inside. */
    private static final int SHUT = Integer.MIN_VALUE;

    private final AtomicInteger state = new AtomicInteger();
    private final CountDownLatch emptied = new CountDownLatch(1);
    private final Runnable putAway;

    /**
     * An open one.
     *
     * @param putAway called once, by the last thread out after {@link #shut}
     */
    Turnstile(Runnable putAway) {
        this.putAway = putAway;
    }

    /** Goes in, unless it is shut. Who got in must {@link #leave}. */
    boolean enter() {
        int now = state.get();
        while (now >= 0) {
            if (state.compareAndSet(now, now + 1)) {
                return true;
            }
            now = state.get();
        }
        return false;
    }

    void leave() {
        if (state.decrementAndGet() == SHUT) {
            putAway.run();
            emptied.countDown();
        }
    }

    /** Lets nobody in from now on. Called by one that is inside, so that nothing is put away before it leaves. */
    void shut() {
        state.getAndUpdate(now -> now | SHUT);
    }

    boolean isShut() {
        return state.get() < 0;
    }

    /** Waits until all has been put away; false when it takes longer than that. */
    boolean awaitEmpty(long nanos) throws InterruptedException {
        return emptied.await(nanos, TimeUnit.NANOSECONDS);
    }
}
