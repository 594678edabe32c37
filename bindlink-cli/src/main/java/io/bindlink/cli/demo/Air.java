package io.bindlink.cli.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * The phones and the thread that moves their datagrams at the right moment. When the machine lets it run late, datagrams
 * come out late and together, but at the rate they should. Thread-safe.
 */
final class Air implements AutoCloseable {
    /** Longest wait without looking at the sockets: finer than the selector's millisecond. */
    private static final long GLANCE_NANOS = 150_000;

    private static final long SELECT_NANOS = 2_000_000;
    private static final long CLOSE_MILLIS = 1_000;

    private final Selector selector;
    private final List<Phone> phones = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "bindlink-demo-air");
    private volatile boolean closed;
    private volatile String failure = "";

    /** Phones on loopback, on ports of their own. */
    Air(List<PhoneModel> models, long seed) throws IOException {
        this(models, seed, new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
    }

    /** Phones that listen there, on IPv4; more than one need port 0. */
    Air(List<PhoneModel> models, long seed, InetSocketAddress listen) throws IOException {
        selector = Selector.open();
        SplittableRandom random = new SplittableRandom(seed);
        for (PhoneModel model : models) {
            phones.add(new Phone(model, listen, selector, random));
        }
        thread.setDaemon(true);
        thread.start();
    }

    List<Phone> phones() {
        return List.copyOf(phones);
    }

    /** What ended the emulation before its time; empty while all is well. */
    String failure() {
        return failure;
    }

    /** Waits until it is closed or fails. */
    void awaitEnd() throws InterruptedException {
        thread.join();
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closed) {
                long nextNanos = Long.MAX_VALUE;
                long nowNanos = System.nanoTime();
                for (Phone phone : phones) {
                    phone.forward(nowNanos);
                    nextNanos = earlier(nextNanos, phone.nextNanos());
                }
                awaitUntil(nextNanos);
                handleReady();
            }
        } catch (IOException e) {
            failure = "the emulated phones failed: " + e;
        } finally {
            closeAll();
        }
    }

    private void awaitUntil(long nextNanos) throws IOException {
        long leftNanos = nextNanos == Long.MAX_VALUE ? Long.MAX_VALUE : nextNanos - System.nanoTime();
        if (leftNanos > SELECT_NANOS) {
            selector.select(Math.min(100, leftNanos / SELECT_NANOS));
        } else {
            if (leftNanos > 0) {
                LockSupport.parkNanos(Math.min(leftNanos, GLANCE_NANOS));
            }
            selector.selectNow();
        }
    }

    private void handleReady() throws IOException {
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.isValid()) { // not closed by a handler before it
                ((ReadyHandler) key.attachment()).ready();
            }
        }
        selector.selectedKeys().clear();
    }

    private void closeAll() {
        try {
            for (Phone phone : phones) {
                phone.close();
            }
            selector.close();
        } catch (IOException e) {
            failure = "the emulated phones could not be closed: " + e;
        }
    }

    private static long earlier(long a, long b) {
        return a == Long.MAX_VALUE || (b != Long.MAX_VALUE && b - a < 0) ? b : a;
    }
}
