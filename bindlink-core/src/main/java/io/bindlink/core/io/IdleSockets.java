package io.bindlink.core.io;

import io.bindlink.api.LinkUri;
import io.bindlink.core.base.Rates;
import io.bindlink.core.crypto.PresharedSecret;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sockets that are silent for different times, beside one that is never silent for long: what it is told tells whether the
 * master has changed its cookies meanwhile. Blocking; confined to one thread.
 */
public final class IdleSockets implements AutoCloseable {
    private static final long STEP_NANOS = 2 * Rates.NANOS_PER_SECOND;

    private final List<IdleSocket> all = new ArrayList<>();

    /**
     * What the master said before and after a silence.
     *
     * @param before its cookie
     * @param after its cookie; null when it could not be reached any more
     * @param comparable whether the same address would have got the same cookie
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    public record Silence(byte[] before, byte @Nullable [] after, boolean comparable) {}

    private IdleSockets() {}

    /**
     * Tries silences, all at the same time.
     *
     * @param uri how to get to the master, by UDP
     * @param proxyTarget the master as a proxy sees it
     * @param secret the key
     * @param lengths of the silences, ascending
     * @return one for each length; none if the master does not answer with cookies
     * @throws IOException if a socket cannot be made, with a line for people
     * @throws InterruptedException if the thread was interrupted
     */
    public static List<Silence> measure(
            LinkUri uri, @Nullable HostPort proxyTarget, PresharedSecret secret, List<Duration> lengths)
            throws IOException, InterruptedException {
        try (IdleSockets sockets = new IdleSockets()) {
            for (int i = 0; i <= lengths.size(); i++) {
                sockets.all.add(IdleSocket.open(uri, proxyTarget, secret));
            }
            return sockets.listen(lengths);
        }
    }

    private List<Silence> listen(List<Duration> lengths) throws InterruptedException {
        List<Silence> silences = new ArrayList<>();
        IdleSocket busy = all.get(0);
        byte[] first = busy.greet();
        List<byte[]> before = new ArrayList<>();
        for (IdleSocket silent : all.subList(1, all.size())) {
            byte[] cookie = first == null ? null : silent.greet();
            if (cookie == null) {
                return silences;
            }
            before.add(cookie);
        }
        long startNanos = System.nanoTime();
        for (int i = 0; i < lengths.size(); i++) {
            byte[] now = greetUntil(busy, startNanos + lengths.get(i).toNanos());
            byte[] after = all.get(i + 1).greet();
            silences.add(new Silence(before.get(i), after, Arrays.equals(first, now)));
        }
        return silences;
    }

    /** Keeps a mapping in use; answers what the master said last. */
    private static byte @Nullable [] greetUntil(IdleSocket busy, long dueNanos) throws InterruptedException {
        byte[] cookie = busy.greet();
        for (long left = dueNanos - System.nanoTime(); left > 0; left = dueNanos - System.nanoTime()) {
            Thread.sleep(Math.min(left, STEP_NANOS) / Rates.NANOS_PER_MILLI + 1);
            cookie = busy.greet();
        }
        return cookie;
    }

    @Override
    public void close() {
        all.forEach(IdleSocket::close);
    }
}
