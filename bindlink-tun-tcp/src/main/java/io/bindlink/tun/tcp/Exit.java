package io.bindlink.tun.tcp;

import io.bindlink.core.stream.ByteStream;
import io.bindlink.core.stream.ResetCode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The end at which streams of the peer become connections: to the one target it was told, and to those that it allows.
 * Names are looked up by threads of their own, {@code bindlink-tcp-resolve-N}, since that may take long. Thread-safe.
 */
final class Exit {
    private static final int RESOLVERS = 8;
    private static final int WAITING = 1_024;
    private static final long IDLE_SECONDS = 2;
    private static final long CLOSING_MILLIS = 500;

    private final @Nullable Endpoint only;
    private final AllowList allowed;
    private final AtomicInteger threads = new AtomicInteger();
    private final ThreadPoolExecutor resolvers;

    /**
     * An exit.
     *
     * @param only what streams named for no target are joined to; null: nothing
     * @param allowed what targets streams may name
     */
    Exit(@Nullable Endpoint only, AllowList allowed) {
        this.only = only;
        this.allowed = allowed;
        this.resolvers = new ThreadPoolExecutor(
                RESOLVERS, RESOLVERS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING), this::thread);
        resolvers.allowCoreThreadTimeOut(true);
    }

    private Thread thread(Runnable work) {
        Thread thread = new Thread(work, "bindlink-tcp-resolve-" + threads.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /** Joins a stream to what it names, or resets it. */
    void join(Loop loop, ByteStream stream) {
        boolean named = !stream.name().equals(Target.ONLY);
        Endpoint target = named ? Target.parse(stream.name()) : only;
        if (target == null) {
            stream.reset(ResetCode.REFUSED, named ? "no such target" : "this end was told of no target to connect to");
            return;
        }
        if (named && allowed.isEmpty()) {
            stream.reset(ResetCode.NOT_ALLOWED, target + ": nothing is allowed here; --allow does");
            return;
        }
        InetAddress literal = Network.literal(target.host());
        if (literal != null) {
            dial(loop, stream, target, List.of(literal), named);
            return;
        }
        try {
            resolvers.execute(() -> resolve(loop, stream, target, named));
        } catch (RejectedExecutionException e) {
            stream.reset(ResetCode.REFUSED, "too many names wait to be looked up");
        }
    }

    private void resolve(Loop loop, ByteStream stream, Endpoint target, boolean judged) {
        try {
            dial(loop, stream, target, Arrays.asList(InetAddress.getAllByName(target.host())), judged);
        } catch (UnknownHostException e) {
            stream.reset(ResetCode.NO_SUCH_HOST, target + ": no such host");
        }
    }

    private void dial(Loop loop, ByteStream stream, Endpoint target, List<InetAddress> addresses, boolean judged) {
        List<InetAddress> usable = judged
                ? addresses.stream()
                        .filter(address -> allowed.permits(target.host(), address, target.port()))
                        .toList()
                : addresses;
        if (usable.isEmpty()) {
            stream.reset(ResetCode.NOT_ALLOWED, target + " is not allowed");
        } else {
            loop.execute(() -> Dial.begin(loop, stream, target, usable));
        }
    }

    /** Looks nothing up any more. A look-up under way cannot be stopped, and is not waited for long. */
    void close() {
        resolvers.shutdownNow();
        try {
            resolvers.awaitTermination(CLOSING_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
