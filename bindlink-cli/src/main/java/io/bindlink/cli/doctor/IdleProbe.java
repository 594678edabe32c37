package io.bindlink.cli.doctor;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.LinkUri;
import io.bindlink.core.IdleTimeout;
import io.bindlink.core.IdleTimeout.Outcome;
import io.bindlink.core.IdleTimeout.Silence;
import io.bindlink.core.PresharedKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/** Finds out, beside the other steps, how long a link's mapping lives without traffic. Used once, by its command's thread. */
final class IdleProbe {
    private static final String CHECK = "idle";
    private static final String UNTOLD = "how long an idle mapping is kept could not be told";

    private final FutureTask<List<Silence>> silences;

    /**
     * A probe of one link.
     *
     * @param longest the longest silence
     */
    IdleProbe(LinkUri uri, Optional<String> proxyTarget, PresharedKey key, Duration longest) {
        silences = new FutureTask<>(() -> IdleTimeout.measure(uri, proxyTarget, key, lengths(longest)));
    }

    /** The usual time-outs of NATs and relays, as far as there is time for, and the longest itself. */
    static List<Duration> lengths(Duration longest) {
        List<Duration> lengths = new ArrayList<>(Stream.of(10, 30, 60, 120, 300)
                .map(Duration::ofSeconds)
                .filter(length -> length.compareTo(longest) < 0)
                .toList());
        lengths.add(longest);
        return lengths;
    }

    void start() {
        Thread thread = new Thread(silences, "bindlink-idle");
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits for the end of the longest silence. */
    Finding finding() throws InterruptedException {
        try {
            return Finding.ok(CHECK, text(silences.get()));
        } catch (ExecutionException e) {
            String reason = e.getCause() instanceof BindlinkException known ? ": " + known.getMessage() : "";
            return Finding.ok(CHECK, UNTOLD + reason);
        }
    }

    static String text(List<Silence> silences) {
        long kept = 0;
        for (Silence silence : silences) {
            long seconds = silence.length().toSeconds();
            if (silence.outcome() == Outcome.UNKNOWN) {
                break;
            } else if (silence.outcome() != Outcome.KEPT) {
                String until = kept == 0 ? "for less than " : "for " + kept + " to ";
                String then = silence.outcome() == Outcome.LOST
                        ? "; afterwards nothing comes through"
                        : "; afterwards a new one is made";
                return "an idle mapping is kept " + until + seconds + " s" + then + "; a bond is never idle";
            }
            kept = seconds;
        }
        return kept == 0 ? UNTOLD : "an idle mapping is kept for " + kept + " s and more";
    }
}
