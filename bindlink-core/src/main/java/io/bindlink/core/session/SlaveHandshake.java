package io.bindlink.core.session;

import io.bindlink.api.Counter;
import io.bindlink.api.Event;
import io.bindlink.core.base.DropReason;
import io.bindlink.core.base.Rates;
import io.bindlink.core.crypto.Greeting;
import io.bindlink.core.crypto.NoiseHandshake;
import io.bindlink.core.crypto.Suite;
import io.bindlink.core.link.Transmit;
import io.bindlink.core.wire.Capabilities;
import io.bindlink.core.wire.Cookie;
import io.bindlink.core.wire.Hello;
import io.bindlink.core.wire.Reply;
import io.bindlink.core.wire.Unsupported;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The slave's way to a session: the same hello goes out on all links until the master answers on one of them. A cookie is
 * bound to the address it was sent to, so it is answered with a hello of its own on that link. Confined to its node.
 */
final class SlaveHandshake {
    private static final long FIRST_RETRY_NANOS = 250 * Rates.NANOS_PER_MILLI;
    private static final long LARGEST_RETRY_NANOS = 2 * Rates.NANOS_PER_SECOND;

    /** A hello is said again for this long; then a new one is made, lest the master has forgotten its answer. */
    private static final long ATTEMPT_NANOS = 5 * Rates.NANOS_PER_SECOND;

    private static final long UNANSWERED_NANOS = 5 * Rates.NANOS_PER_SECOND;

    /** A refusal may be over soon: that of a restarted slave when the master has missed its predecessor for a second. */
    private static final long FIRST_REFUSED_PAUSE_NANOS = 500 * Rates.NANOS_PER_MILLI;

    private static final long LARGEST_REFUSED_PAUSE_NANOS = 2 * Rates.NANOS_PER_SECOND;

    /** A refusal that goes on is told again after this long: a log shall not be full of it. */
    private static final long REFUSED_AGAIN_NANOS = 60 * Rates.NANOS_PER_SECOND;

    private static final int MAX_ATTEMPTS = 8; // one, and one for each link that got a cookie lately

    private final NodeContext node;
    private final Capabilities own;
    private final Deque<Attempt> attempts = new ArrayDeque<>();
    private final Backoff backoff = new Backoff(FIRST_RETRY_NANOS, LARGEST_RETRY_NANOS);
    private final Backoff refusals = new Backoff(FIRST_REFUSED_PAUSE_NANOS, LARGEST_REFUSED_PAUSE_NANOS);
    private @Nullable Established established;
    private int suiteChoice;
    private boolean running;
    private boolean unansweredTold;
    private final LastTold lastRefusal = new LastTold(REFUSED_AGAIN_NANOS);
    private long silentSinceNanos;
    private long dueNanos = Long.MAX_VALUE;

    /** A hello that was sent, and what is needed to understand its answer. */
    private record Attempt(
            NoiseHandshake noise, Suite suite, Hello hello, int ownIndex, long madeNanos, boolean common) {}

    SlaveHandshake(NodeContext node) {
        this.node = node;
        this.own = Agreement.own(node.config);
    }

    /**
     * Starts looking for the master, unless it does already.
     *
     * @return whether it did not
     */
    boolean start(long nowNanos) {
        if (running) {
            return false;
        }
        running = true;
        unansweredTold = false;
        lastRefusal.forget();
        silentSinceNanos = nowNanos;
        dueNanos = nowNanos;
        backoff.reset();
        refusals.reset();
        return true;
    }

    /** Stops, because there is a session or one that still works. */
    void stop() {
        running = false;
        dueNanos = Long.MAX_VALUE;
        attempts.clear();
    }

    /** A link has a new socket: says hello there at once. */
    void greet(PathAddress to, long nowNanos) {
        if (running) {
            send(common(nowNanos), to);
        }
    }

    long pollTimeout() {
        return dueNanos;
    }

    void handleTimeout(List<PathAddress> addresses, long nowNanos) {
        if (!running || nowNanos - dueNanos < 0) {
            return;
        }
        dueNanos = nowNanos + backoff.next(node.random);
        for (PathAddress to : addresses) {
            send(common(nowNanos), to);
        }
        if (!unansweredTold && nowNanos - silentSinceNanos >= UNANSWERED_NANOS) {
            unansweredTold = true;
            lastRefusal.forget(); // what was told last shall be what is true
            node.events.add(new Event.Unanswered());
        }
    }

    /** The hello that goes out on all links. */
    private Attempt common(long nowNanos) {
        attempts.removeIf(attempt -> nowNanos - attempt.madeNanos() >= 2 * ATTEMPT_NANOS);
        for (Attempt attempt : attempts) {
            if (attempt.common() && nowNanos - attempt.madeNanos() < ATTEMPT_NANOS) {
                return attempt;
            }
        }
        return attempt(null, nowNanos);
    }

    private Attempt attempt(byte @Nullable [] cookie, long nowNanos) {
        Suite suite = node.config.suites().get(suiteChoice);
        int ownIndex = node.newReceiverIndex();
        Greeting greeting = Greeting.of(suite, node.config.secret(), ownIndex, cookie, own.encode(), node.random);
        Attempt attempt = new Attempt(greeting.noise(), suite, greeting.hello(), ownIndex, nowNanos, cookie == null);
        attempts.addFirst(attempt);
        while (attempts.size() > MAX_ATTEMPTS) {
            attempts.removeLast();
        }
        return attempt;
    }

    private void send(Attempt attempt, PathAddress to) {
        Transmit transmit = node.pool.take();
        attempt.hello().write(transmit.buffer().clear().position(Transmit.HEADROOM_BYTES));
        to.address(transmit, attempt.hello().sizeBytes());
        node.outbox.add(transmit);
        node.counters.add(Counter.HELLOS_SENT, 1);
    }

    /** A COOKIE came through a link: says hello again there, with it. */
    @Nullable
    DropReason handleCookie(ByteBuffer datagram, PathAddress to, long nowNanos) {
        Cookie cookie = Cookie.parse(datagram);
        Attempt asked = cookie == null ? null : find(cookie.receiver());
        if (cookie == null || asked == null) {
            return DropReason.RECEIVER;
        }
        if (!node.config
                .secret()
                .validCookieMac(cookie.mac(), cookie.clearBytes(), asked.hello().ephemeral())) {
            return DropReason.AUTHENTICATION;
        }
        send(attempt(cookie.cookie(), nowNanos), to);
        return null;
    }

    /** An UNSUPPORTED came. Nothing vouches for it, so it is only counted. */
    DropReason handleUnsupported(ByteBuffer datagram) {
        Unsupported answer = Unsupported.parse(datagram);
        return answer == null || find(answer.receiver()) == null ? DropReason.RECEIVER : DropReason.VERSION;
    }

    /** A REPLY came: a session, to be had by {@link #takeEstablished}, a refusal or nothing. */
    @Nullable
    DropReason handleReply(ByteBuffer datagram, long nowNanos) {
        Reply reply = Reply.parse(datagram);
        Attempt asked = reply == null ? null : find(reply.receiver());
        if (reply == null || asked == null) {
            return DropReason.RECEIVER;
        }
        NoiseHandshake noise = asked.noise();
        noise.mixHash(reply.clearBytes());
        byte[] payload = noise.readMessage(reply.noiseMessage(), 0, reply.noiseMessage().length);
        if (payload == null) {
            return DropReason.AUTHENTICATION;
        }
        Capabilities.Result result = Capabilities.parse(ByteBuffer.wrap(payload));
        if (result instanceof Capabilities.Parsed parsed) {
            Epoch epoch = new Epoch(0, asked.ownIndex(), reply.sender(), noise.split(), nowNanos);
            node.counters.add(Counter.UNKNOWN_CAPABILITIES, parsed.unknownSkipped());
            established = new Established(epoch, asked.suite(), parsed.capabilities());
        } else {
            refused(result, nowNanos);
        }
        return null;
    }

    /** Takes what the newest reply made, if it made anything. */
    @Nullable
    Established takeEstablished() {
        Established made = established;
        established = null;
        return made;
    }

    private void refused(Capabilities.Result result, long nowNanos) {
        attempts.clear();
        silentSinceNanos = nowNanos;
        dueNanos = nowNanos + refusals.next(node.random);
        String text = "the master's answer makes no sense";
        if (result instanceof Capabilities.Refusal refusal) {
            text = refusal.text();
            if (refusal.code() == Capabilities.Refusal.SUITE) {
                suiteChoice = (suiteChoice + 1) % node.config.suites().size();
            }
        } else if (result instanceof Capabilities.UnknownCritical unknown) {
            text = unknown.text();
        }
        node.counters.add(Counter.HANDSHAKES_REFUSED, 1);
        if (lastRefusal.tell(text, nowNanos)) {
            node.events.add(new Event.Refused(text));
        }
    }

    private @Nullable Attempt find(int ownIndex) {
        for (Attempt attempt : attempts) {
            if (attempt.ownIndex() == ownIndex) {
                return attempt;
            }
        }
        return null;
    }
}
