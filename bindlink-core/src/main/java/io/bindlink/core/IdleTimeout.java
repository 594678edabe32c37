package io.bindlink.core;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.LinkUri;
import io.bindlink.core.io.HostPort;
import io.bindlink.core.io.IdleSockets;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How long a phone, a NAT or a firewall keeps a UDP mapping that nobody uses. A bond's links are never silent for longer
 * than a second or two, so it does not depend on this; other programs on the same phone do.
 *
 * <p>A socket of its own says hello to the master, is silent, and says hello again: either no answer comes, or the master
 * sees another address, or nothing has changed. A NAT that gives a new mapping the old port cannot be told from one that
 * kept it. Only while a session with this key is up, since the master's answer is another one else.
 */
public final class IdleTimeout {
    /** What a silence did. */
    public enum Outcome {
        /** Nothing: the master saw the same address afterwards. */
        KEPT,
        /** The master saw another address: the mapping was gone, and a new one was made. */
        CHANGED,
        /** The master could not be reached any more. */
        LOST,
        /** It cannot be said: the master changed its cookies meanwhile. */
        UNKNOWN
    }

    /**
     * A silence and its outcome.
     *
     * @param length how long nothing was said
     * @param outcome what came of it
     */
    public record Silence(Duration length, Outcome outcome) {}

    private IdleTimeout() {}

    /**
     * Tries silences, all at the same time; takes a little longer than the longest.
     *
     * @param uri the link, of a scheme that uses UDP
     * @param proxyTarget the master as a proxy sees it, {@code HOST:PORT}; needed for a proxy
     * @param key the key
     * @param lengths how long to be silent, ascending
     * @return an outcome for each length; none if the master does not answer as it does while there is a session
     * @throws BindlinkException if a socket cannot be made, with code {@code RUNTIME}, or an argument makes no sense
     * @throws InterruptedException if the thread was interrupted
     */
    public static List<Silence> measure(
            LinkUri uri, Optional<String> proxyTarget, PresharedKey key, List<Duration> lengths)
            throws InterruptedException {
        if (uri.scheme() != LinkUri.Scheme.UDP && uri.scheme() != LinkUri.Scheme.SOCKS5) {
            throw new BindlinkException(
                    BindlinkException.Code.USAGE, "a link of scheme " + uri.scheme() + " has no UDP mapping");
        }
        HostPort target =
                proxyTarget.map(text -> HostPort.parse(text, "proxy target")).orElse(null);
        List<Silence> silences = new ArrayList<>();
        try {
            for (IdleSockets.Silence silence : IdleSockets.measure(uri, target, key.secret(), lengths)) {
                silences.add(new Silence(lengths.get(silences.size()), outcome(silence)));
            }
        } catch (IOException e) {
            if (Thread.interrupted()) { // which ended a connection to the proxy
                throw new InterruptedException();
            }
            throw new BindlinkException(BindlinkException.Code.RUNTIME, String.valueOf(e.getMessage()), e);
        }
        return List.copyOf(silences);
    }

    private static Outcome outcome(IdleSockets.Silence silence) {
        if (silence.after() == null) {
            return Outcome.LOST;
        }
        if (Arrays.equals(silence.before(), silence.after())) {
            return Outcome.KEPT;
        }
        return silence.comparable() ? Outcome.CHANGED : Outcome.UNKNOWN;
    }
}
