package io.bindlink.core.session;

import io.bindlink.api.Counter;
import io.bindlink.api.Event;
import io.bindlink.core.base.DropReason;
import io.bindlink.core.base.Rates;
import io.bindlink.core.crypto.Cookies;
import io.bindlink.core.crypto.NoiseHandshake;
import io.bindlink.core.crypto.Suite;
import io.bindlink.core.link.Transmit;
import io.bindlink.core.wire.Capabilities;
import io.bindlink.core.wire.Cookie;
import io.bindlink.core.wire.Hello;
import io.bindlink.core.wire.Prologue;
import io.bindlink.core.wire.Reply;
import io.bindlink.core.wire.Unsupported;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The master's side of the handshake. A hello may be a recording, so it changes nothing but a short list of pending
 * handshakes: a session begins, and a live one is replaced, only when an authentic packet arrives under the new keys.
 * Confined to its node.
 */
final class MasterHandshake {
    /** Hellos for one key that are answered without a cookie in a second. */
    private static final int HELLOS_PER_SECOND = 10;

    private static final long PENDING_NANOS = 10 * Rates.NANOS_PER_SECOND;
    private static final int MAX_PENDING = 16; // each link may bring one of its own, with its own cookie
    private static final int MAX_SEEN = 1024;

    /** How long a session must be silent before another slave may take its place. */
    private static final long TAKEOVER_NANOS = Rates.NANOS_PER_SECOND;

    /** Cookies are bound to an address alone: the hello that brings one back is a new one. */
    private static final byte[] ANY_HELLO = {};

    private final NodeContext node;
    private final Capabilities own;
    private final byte[] keyId;
    private final Cookies cookies;
    private final RateMeter hellos = new RateMeter();
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Deque<byte[]> seenEphemerals = new ArrayDeque<>();
    private final LastTold lastRefusal = new LastTold(PENDING_NANOS);

    /** A handshake that was answered and not yet confirmed; the answer is kept for copies of the same hello. */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    private record Pending(Established established, byte[] ephemeral, Reply reply, long madeNanos) {}

    MasterHandshake(NodeContext node, long nowNanos) {
        this.node = node;
        this.own = Agreement.own(node.config);
        this.keyId = node.config.secret().keyId();
        this.cookies = new Cookies(node.random, nowNanos);
    }

    /** A HELLO came. */
    @Nullable
    DropReason handleHello(
            PathAddress to, InetSocketAddress source, ByteBuffer datagram, @Nullable Session live, long nowNanos) {
        Hello hello = Hello.parse(datagram);
        if (hello == null) {
            return DropReason.SHORT;
        }
        if (!Arrays.equals(hello.keyId(), keyId)) {
            return DropReason.KEY;
        }
        if (!hello.isSupported()) {
            send(
                    to,
                    Unsupported.DATAGRAM_BYTES,
                    out -> Unsupported.answering(hello.sender()).write(out));
            return DropReason.VERSION;
        }
        Pending known = findByEphemeral(hello, nowNanos);
        if (known != null) {
            send(to, known.reply().sizeBytes(), known.reply()::write);
            return null;
        }
        if (mustProveAddress(hello, source, live, nowNanos)) {
            sendCookie(hello, source, to, nowNanos);
            return DropReason.COOKIE;
        }
        return answer(hello, to, live, nowNanos);
    }

    private boolean mustProveAddress(Hello hello, InetSocketAddress source, @Nullable Session live, long nowNanos) {
        boolean busy = hellos.count(nowNanos) > HELLOS_PER_SECOND || live != null || seen(hello.ephemeral());
        return busy && !(hello.hasCookie() && cookies.valid(hello.cookie(), source, ANY_HELLO, nowNanos));
    }

    private void sendCookie(Hello hello, InetSocketAddress source, PathAddress to, long nowNanos) {
        byte[] clear = Cookie.clear(hello.sender(), cookies.make(source, ANY_HELLO, nowNanos));
        Cookie cookie = new Cookie(clear, node.config.secret().cookieMac(clear, hello.ephemeral()));
        send(to, Cookie.DATAGRAM_BYTES, cookie::write);
    }

    private @Nullable DropReason answer(Hello hello, PathAddress to, @Nullable Session live, long nowNanos) {
        Suite suite = Suite.ofId(hello.suite());
        if (suite == null) {
            return DropReason.MALFORMED;
        }
        NoiseHandshake noise = NoiseHandshake.responder(
                suite, node.config.secret(), Prologue.ofHello(hello.clearBytes()), node.random);
        byte[] payload = noise.readMessage(hello.noiseMessage(), 0, hello.noiseMessage().length);
        if (payload == null) {
            return DropReason.AUTHENTICATION;
        }
        remember(hello.ephemeral());
        Capabilities.Result result = Capabilities.parse(ByteBuffer.wrap(payload));
        if (result instanceof Capabilities.Parsed parsed) {
            node.counters.add(Counter.UNKNOWN_CAPABILITIES, parsed.unknownSkipped());
            Capabilities.Refusal refusal = refusal(suite, parsed.capabilities(), live, nowNanos);
            if (refusal == null) {
                accept(hello, suite, noise, parsed.capabilities(), to, nowNanos);
            } else {
                refuse(hello, noise, refusal, to, nowNanos);
            }
            return null;
        }
        String why = result instanceof Capabilities.UnknownCritical unknown
                ? unknown.text()
                : "the slave's capabilities make no sense";
        refuse(hello, noise, new Capabilities.Refusal(Capabilities.Refusal.VERSION, why), to, nowNanos);
        return null;
    }

    private Capabilities.@Nullable Refusal refusal(
            Suite suite, Capabilities peer, @Nullable Session live, long nowNanos) {
        if (!node.config.suites().contains(suite)) {
            return new Capabilities.Refusal(Capabilities.Refusal.SUITE, "the master does not allow suite " + suite);
        }
        if (inUse(live, peer.instanceId(), nowNanos)) {
            return new Capabilities.Refusal(
                    Capabilities.Refusal.KEY_IN_USE, "key in use: another slave is connected with this key");
        }
        return Agreement.refusal(own, peer);
    }

    /** Whether a live session of another process keeps this one out. */
    static boolean inUse(@Nullable Session live, long instanceId, long nowNanos) {
        return live != null && live.peerInstanceId() != instanceId && nowNanos - live.lastHeardNanos() < TAKEOVER_NANOS;
    }

    private void accept(
            Hello hello, Suite suite, NoiseHandshake noise, Capabilities peer, PathAddress to, long nowNanos) {
        int ownIndex = node.newReceiverIndex();
        Reply reply = reply(hello, noise, ownIndex, own.encode());
        Epoch epoch = new Epoch(0, ownIndex, hello.sender(), noise.split(), nowNanos);
        pending.addFirst(new Pending(new Established(epoch, suite, peer), hello.ephemeral(), reply, nowNanos));
        while (pending.size() > MAX_PENDING) {
            pending.removeLast();
        }
        send(to, reply.sizeBytes(), reply::write);
    }

    private void refuse(
            Hello hello, NoiseHandshake noise, Capabilities.Refusal refusal, PathAddress to, long nowNanos) {
        Reply reply = reply(hello, noise, 0, refusal.encode());
        send(to, reply.sizeBytes(), reply::write);
        node.counters.add(Counter.HANDSHAKES_REFUSED, 1);
        if (lastRefusal.tell(refusal.text(), nowNanos)) {
            node.events.add(new Event.Refused(refusal.text()));
        }
    }

    private static Reply reply(Hello hello, NoiseHandshake noise, int ownIndex, byte[] payload) {
        byte[] clear = Reply.clear(hello.sender(), ownIndex, NoiseHandshake.OVERHEAD + payload.length);
        noise.mixHash(clear);
        return new Reply(clear, noise.writeMessage(payload));
    }

    /** The pending handshake behind a receiver index, or null. */
    @Nullable
    Established find(int ownIndex, long nowNanos) {
        forgetOld(nowNanos);
        for (Pending each : pending) {
            if (each.established().epoch().ownIndex() == ownIndex) {
                return each.established();
            }
        }
        return null;
    }

    /** A session began: what else is pending is of no more use. */
    void clear() {
        pending.clear();
    }

    private @Nullable Pending findByEphemeral(Hello hello, long nowNanos) {
        forgetOld(nowNanos);
        byte[] ephemeral = hello.ephemeral();
        for (Pending each : pending) {
            if (Arrays.equals(each.ephemeral(), ephemeral)) {
                return each;
            }
        }
        return null;
    }

    private void forgetOld(long nowNanos) {
        pending.removeIf(each -> nowNanos - each.madeNanos() >= PENDING_NANOS);
    }

    private boolean seen(byte[] ephemeral) {
        return seenEphemerals.stream().anyMatch(each -> Arrays.equals(each, ephemeral));
    }

    private void remember(byte[] ephemeral) {
        seenEphemerals.addFirst(ephemeral);
        while (seenEphemerals.size() > MAX_SEEN) {
            seenEphemerals.removeLast();
        }
    }

    private void send(PathAddress to, int bytes, Consumer<ByteBuffer> writer) {
        Transmit transmit = node.pool.take();
        writer.accept(transmit.buffer().clear().position(Transmit.HEADROOM_BYTES));
        to.address(transmit, bytes);
        node.outbox.add(transmit);
    }
}
