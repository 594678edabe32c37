package io.bindlink.core.session;

import io.bindlink.api.Counter;
import io.bindlink.api.Event;
import io.bindlink.api.Role;
import io.bindlink.core.base.Rates;
import io.bindlink.core.crypto.NoiseHandshake;
import io.bindlink.core.crypto.Suite;
import io.bindlink.core.wire.FrameWriter;
import io.bindlink.core.wire.Prologue;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Renews the keys inside a running session, without losing a packet: the slave asks, the master answers, both open with
 * old and new keys meanwhile. The master seals with the new ones only after an authentic packet under them. Confined to
 * its session.
 */
final class RekeyExchange {
    private static final long RETRY_NANOS = 250 * Rates.NANOS_PER_MILLI;
    private static final long MIN_OVERLAP_NANOS = 5 * Rates.NANOS_PER_SECOND;
    private static final long MAX_OVERLAP_NANOS = 30 * Rates.NANOS_PER_SECOND;
    private static final byte[] NO_PAYLOAD = {};

    private final Session session;
    private final NodeContext node;
    private final Suite suite;

    // The slave's side: what was asked and not answered yet.
    private @Nullable NoiseHandshake asked;
    private int askedIndex;
    private byte[] askedClear = {};
    private byte[] askedNoise = {};
    private long retryNanos;

    // The master's side: the last answer, for when it is asked again.
    private byte[] answeredNoise = {};
    private byte[] answerClear = {};
    private byte[] answerNoise = {};

    RekeyExchange(Session session, NodeContext node, Suite suite) {
        this.session = session;
        this.node = node;
        this.suite = suite;
    }

    long pollTimeout() {
        if (node.config.role() == Role.MASTER) {
            return Long.MAX_VALUE;
        }
        return asked != null ? retryNanos : session.keys().current().startNanos() + node.config.rekeyNanos();
    }

    void handleTimeout(long nowNanos) {
        if (node.config.role() == Role.MASTER) {
            return;
        }
        Epoch current = session.keys().current();
        boolean due =
                nowNanos - current.startNanos() >= node.config.rekeyNanos() || current.packets() >= node.packetsPerKeys;
        if (asked == null && due) {
            ask(nowNanos);
        } else if (asked != null && nowNanos - retryNanos >= 0) {
            send(askedClear, askedNoise);
            retryNanos = nowNanos + Math.max(RETRY_NANOS, session.links().probeTimeoutNanos());
        }
    }

    private void ask(long nowNanos) {
        askedIndex = node.newReceiverIndex();
        askedClear = Prologue.handshakeClearBytes(Prologue.INITIATE, askedIndex, NoiseHandshake.OVERHEAD);
        NoiseHandshake handshake =
                NoiseHandshake.initiator(suite, node.config.secret(), Prologue.ofRekey(askedClear), node.random);
        askedNoise = handshake.writeMessage(NO_PAYLOAD);
        asked = handshake;
        retryNanos = nowNanos + Math.max(RETRY_NANOS, session.links().probeTimeoutNanos());
        send(askedClear, askedNoise);
    }

    /** A HANDSHAKE frame came. One that fits nothing is an echo of what is done, and ignored. */
    void handle(int step, int peerIndex, ByteBuffer message, long nowNanos) {
        byte[] noise = new byte[message.remaining()];
        message.get(noise);
        if (step == Prologue.INITIATE && node.config.role() == Role.MASTER) {
            handleAsked(peerIndex, noise, nowNanos);
        } else if (step == Prologue.ANSWER && node.config.role() == Role.SLAVE) {
            handleAnswer(peerIndex, noise, nowNanos);
        }
    }

    private void handleAsked(int peerIndex, byte[] noise, long nowNanos) {
        if (Arrays.equals(noise, answeredNoise)) {
            send(answerClear, answerNoise);
            return;
        }
        byte[] clear = Prologue.handshakeClearBytes(Prologue.INITIATE, peerIndex, noise.length);
        NoiseHandshake handshake =
                NoiseHandshake.responder(suite, node.config.secret(), Prologue.ofRekey(clear), node.random);
        if (handshake.readMessage(noise, 0, noise.length) == null) {
            return;
        }
        int ownIndex = node.newReceiverIndex();
        answeredNoise = noise;
        answerClear = Prologue.handshakeClearBytes(Prologue.ANSWER, ownIndex, NoiseHandshake.OVERHEAD);
        handshake.mixHash(answerClear);
        answerNoise = handshake.writeMessage(NO_PAYLOAD);
        long number = session.keys().current().number() + 1;
        session.keys().prepare(new Epoch(number, ownIndex, peerIndex, handshake.split(), nowNanos));
        send(answerClear, answerNoise);
    }

    private void handleAnswer(int peerIndex, byte[] noise, long nowNanos) {
        NoiseHandshake handshake = asked;
        if (handshake == null) {
            return;
        }
        handshake.mixHash(Prologue.handshakeClearBytes(Prologue.ANSWER, peerIndex, noise.length));
        if (handshake.readMessage(noise, 0, noise.length) == null) {
            return; // the echo of an older answer
        }
        asked = null;
        long number = session.keys().current().number() + 1;
        use(new Epoch(number, askedIndex, peerIndex, handshake.split(), nowNanos), nowNanos);
        // Shows the master that the new keys are in use, also when nothing else is to be sent.
        session.probeAll(nowNanos);
    }

    /** An authentic packet came under keys; if they are the prepared ones, the peer has them. */
    void onAuthentic(Epoch epoch, long nowNanos) {
        if (session.keys().isNext(epoch)) {
            use(epoch, nowNanos);
        }
    }

    private void use(Epoch epoch, long nowNanos) {
        long overlap = 3 * session.links().probeTimeoutNanos() + session.links().slowestQueueNanos();
        session.keys().use(epoch, nowNanos + Math.max(MIN_OVERLAP_NANOS, Math.min(MAX_OVERLAP_NANOS, overlap)));
        node.counters.add(Counter.REKEYS, 1);
        node.events.add(new Event.KeysRenewed(epoch.number()));
    }

    private void send(byte[] clear, byte[] noise) {
        ByteBuffer frames = session.writer().beginSmall(session.links().quickest());
        if (frames == null) {
            return; // asked for again, or answered again when the slave asks again
        }
        FrameWriter.handshake(frames, clear, noise);
        session.writer().finish(true, false);
    }
}
