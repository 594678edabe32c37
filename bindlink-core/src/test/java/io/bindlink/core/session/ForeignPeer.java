package io.bindlink.core.session;

import io.bindlink.api.ControlPacket;
import io.bindlink.core.crypto.NoiseHandshake;
import io.bindlink.core.crypto.Opener;
import io.bindlink.core.crypto.PresharedSecret;
import io.bindlink.core.crypto.SessionKeys;
import io.bindlink.core.crypto.Suite;
import io.bindlink.core.link.PeerClock;
import io.bindlink.core.wire.AckBlock;
import io.bindlink.core.wire.Capabilities;
import io.bindlink.core.wire.Cookie;
import io.bindlink.core.wire.Datagram;
import io.bindlink.core.wire.FrameReader;
import io.bindlink.core.wire.FrameVisitor;
import io.bindlink.core.wire.FrameWriter;
import io.bindlink.core.wire.Hello;
import io.bindlink.core.wire.Prologue;
import io.bindlink.core.wire.Reply;
import io.bindlink.core.wire.TransportHeader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A peer of one link, written by hand after {@code docs/wire.md}, as another implementation would be: no node, no session,
 * nothing kept but what a test needs to see. It proves its address and answers probes; the rest is up to the test.
 * Confined to its test.
 */
final class ForeignPeer implements FrameVisitor {
    static final int LINK = 1;
    private static final long STEP_NANOS = 2 * NodePair.MILLI;

    private final NodePair pair;
    private final NodePair.End node;
    private final Suite suite;
    private final PresharedSecret secret = PresharedSecret.of(new byte[32]);
    private final FrameReader reader = new FrameReader();
    private int read;
    InetSocketAddress address = new InetSocketAddress("10.55.0.1", 5555);
    int socket = NodePair.MASTER_SOCKET;

    private @Nullable NoiseHandshake noise;
    private @Nullable SessionKeys keys;
    private int ownIndex = 100;
    private int nodesIndex;
    private long nextNumber;
    private int probeBytes;

    final List<Capabilities.Result> replies = new ArrayList<>();
    final List<Hello> hellos = new ArrayList<>();
    final List<Cookie> cookies = new ArrayList<>();
    final List<byte[]> unsupported = new ArrayList<>();
    final List<String> payloads = new ArrayList<>();
    final List<Long> ackedLargest = new ArrayList<>();

    ForeignPeer(NodePair pair, NodePair.End node, Suite suite) {
        this.pair = pair;
        this.node = node;
        this.suite = suite;
    }

    /** What it must say of itself to be served, and then what nobody knows. */
    byte[] capabilities(int... unknown) {
        byte[] known = new Capabilities(1, 1, suite.bit(), 1, "plain", 1, 1400, 16, 1 << 20, 77, false, false).encode();
        ByteBuffer all = ByteBuffer.allocate(known.length + unknown.length).put(known);
        for (int each : unknown) {
            all.put((byte) each);
        }
        return all.array();
    }

    // ---- handshake ----

    /** A hello with an ephemeral key and an index of its own; replies to an earlier one are no longer understood. */
    byte[] hello(byte @Nullable [] cookie, byte[] capabilities) {
        byte[] clear = Hello.clear(
                suite.id(), secret.keyId(), ++ownIndex, cookie, NoiseHandshake.OVERHEAD + capabilities.length);
        noise = NoiseHandshake.initiator(suite, secret, Prologue.ofHello(clear), pair.random);
        Hello hello = new Hello(clear, noise.writeMessage(capabilities));
        ByteBuffer out = ByteBuffer.allocate(hello.sizeBytes());
        hello.write(out);
        return out.array();
    }

    /** Answers a hello as a master does. */
    byte[] reply(Hello hello, byte[] capabilities) {
        NoiseHandshake responder =
                NoiseHandshake.responder(suite, secret, Prologue.ofHello(hello.clearBytes()), pair.random);
        byte[] message = hello.noiseMessage();
        if (responder.readMessage(message, 0, message.length) == null) {
            throw new AssertionError("the hello is not authentic");
        }
        nodesIndex = hello.sender();
        byte[] clear = Reply.clear(nodesIndex, ++ownIndex, NoiseHandshake.OVERHEAD + capabilities.length);
        responder.mixHash(clear);
        Reply reply = new Reply(clear, responder.writeMessage(capabilities));
        keys = responder.split();
        ByteBuffer out = ByteBuffer.allocate(reply.sizeBytes());
        reply.write(out);
        return out.array();
    }

    private void onReply(Reply reply) {
        NoiseHandshake asked = noise;
        if (asked == null || reply.receiver() != ownIndex) {
            return;
        }
        asked.mixHash(reply.clearBytes());
        byte[] payload = asked.readMessage(reply.noiseMessage(), 0, reply.noiseMessage().length);
        if (payload != null) {
            noise = null;
            nodesIndex = reply.sender();
            keys = asked.split();
            replies.add(Capabilities.parse(ByteBuffer.wrap(payload)));
        }
    }

    // ---- datagrams ----

    void send(byte[] datagram) {
        pair.inject(node, socket, address, datagram);
    }

    /** Sends frames under the next number. */
    void sendFrames(byte[]... frames) {
        sendFrames(nextNumber, frames);
    }

    /** Sends frames under a number; the next ones go on from there. */
    void sendFrames(long number, byte[]... frames) {
        send(sealed(number, frames));
    }

    byte[] sealed(long number, byte[]... frames) {
        byte[] datagram = new byte[TransportHeader.OVERHEAD_BYTES + length(frames)];
        TransportHeader.write(datagram, 0, nodesIndex, LINK, number);
        TransportHeader.writeTime(datagram, 0, PeerClock.stamp(pair.now));
        ByteBuffer out = ByteBuffer.wrap(datagram).position(TransportHeader.FRAMES_OFFSET);
        for (byte[] frame : frames) {
            out.put(frame);
        }
        established()
                .sender()
                .seal(
                        LINK,
                        number,
                        datagram,
                        0,
                        TransportHeader.CLEAR_BYTES,
                        TransportHeader.TIME_BYTES + length(frames));
        nextNumber = number + 1;
        return datagram;
    }

    private static int length(byte[]... frames) {
        return Arrays.stream(frames).mapToInt(frame -> frame.length).sum();
    }

    static byte[] payload(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + bytes.length).put((byte) 1).put(bytes).array();
    }

    private SessionKeys established() {
        SessionKeys made = keys;
        if (made == null) {
            throw new AssertionError("no handshake was answered");
        }
        return made;
    }

    /** Lets time pass and takes what the node sends. */
    void runFor(long nanos) {
        for (long end = pair.now + nanos; pair.now < end; ) {
            pair.runFor(STEP_NANOS);
            while (read < pair.seen.size()) {
                handle(pair.seen.get(read++));
            }
        }
    }

    private void handle(byte[] datagram) {
        ByteBuffer bytes = ByteBuffer.wrap(datagram);
        switch (Datagram.type(datagram[0])) {
            case Datagram.HELLO -> hellos.add(Objects.requireNonNull(Hello.parse(bytes)));
            case Datagram.REPLY -> onReply(Objects.requireNonNull(Reply.parse(bytes)));
            case Datagram.COOKIE -> cookies.add(Objects.requireNonNull(Cookie.parse(bytes)));
            case Datagram.UNSUPPORTED -> unsupported.add(datagram);
            default -> onTransport(datagram);
        }
    }

    private void onTransport(byte[] datagram) {
        if (keys == null || TransportHeader.receiver(datagram, 0) != ownIndex) {
            return;
        }
        byte[] opened = new byte[datagram.length];
        long number = TransportHeader.numberLow(datagram, 0); // few enough that the low bits are all
        int plain = established()
                .opener()
                .open(LINK, number, datagram, 0, TransportHeader.CLEAR_BYTES, datagram.length, opened);
        if (plain == Opener.FORGED) {
            throw new AssertionError("a datagram of the node does not open");
        }
        probeBytes = datagram.length;
        ByteBuffer frames = ByteBuffer.wrap(opened, TransportHeader.TIME_BYTES, plain - TransportHeader.TIME_BYTES);
        if (reader.parse(frames, this) != null) {
            throw new AssertionError("a datagram of the node is malformed");
        }
    }

    // ---- frames ----

    @Override
    public void onPayload(ByteBuffer payload) {
        payloads.add(StandardCharsets.UTF_8.decode(payload).toString());
    }

    @Override
    public void onAck(AckBlock block) {
        ackedLargest.add(block.largest);
    }

    @Override
    public void onProbe(int token, ByteBuffer linkIds) {
        ByteBuffer out = ByteBuffer.allocate(64);
        FrameWriter.probeReply(out, token, LINK, probeBytes, PeerClock.stamp(pair.now));
        sendFrames(Arrays.copyOf(out.array(), out.position()));
    }

    @Override
    public void onPathChallenge(long token) {
        ByteBuffer out = ByteBuffer.allocate(64);
        FrameWriter.pathResponse(out, token);
        sendFrames(Arrays.copyOf(out.array(), out.position()));
    }

    @Override
    public void onLinkHorizon(int linkId, long lastNumberLow, long sentMicrosLow) {}

    @Override
    public void onLinkState(long sequence, int linkId, int flags) {}

    @Override
    public void onClose(int code, String reason) {}

    @Override
    public void onHandshake(int step, int receiver, ByteBuffer noiseMessage) {}

    @Override
    public void onControl(ControlPacket report) {}

    @Override
    public void onProbeReply(int token, int linkId, int datagramBytes, long arrivalMicrosLow) {}

    @Override
    public void onPathResponse(long token) {}

    @Override
    public void onUnknown(int code, int lengthBytes) {
        throw new AssertionError("the node sends a frame that is not in docs/wire.md: " + code);
    }
}
