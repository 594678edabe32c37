package io.bindlink.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.wire.Cookie;
import io.bindlink.core.wire.FrameWriter;
import io.bindlink.core.wire.Hello;
import io.bindlink.core.wire.Prologue;
import io.bindlink.core.wire.Reply;
import io.bindlink.core.wire.TransportHeader;
import io.bindlink.core.wire.WireVectors;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys and sealed bytes against {@code docs/wire.md sections 4 and 14}. */
class WireVectorsCryptoTest {
    private static final PresharedSecret SECRET = PresharedSecret.of(WireVectors.bytes("psk"));
    private static final List<byte[]> EPHEMERALS = WireVectors.lines("ephemerals");
    private static final byte[] CAPABILITIES = WireVectors.bytes("capabilities_all");
    private static final byte[] NO_PAYLOAD = {};
    private static final int NOISE_BYTES = NoiseHandshake.OVERHEAD + CAPABILITIES.length;
    private static final int SLAVE = 0x01020304;
    private static final int MASTER = 0x0a0b0c0d;
    private static final int SLAVE_REKEYED = 0x05060708;
    private static final int MASTER_REKEYED = 0x0e0f1011;
    private static final int LINK = 7;
    private static final long NUMBER = (1L << 32) + 1;

    @Test
    void keyIsNamedByItsId() {
        assertThat(SECRET.keyId()).isEqualTo(WireVectors.bytes("key_id"));
    }

    @Test
    void nonceHoldsLinkAndNumber() {
        byte[] nonce = new byte[Suite.NONCE_LENGTH];
        Nonces.write(nonce, LINK, NUMBER);
        assertThat(nonce).isEqualTo(WireVectors.bytes("transport_nonce"));
    }

    @Test
    void cookieIsProvenByItsMac() {
        Hello hello = Objects.requireNonNull(Hello.parse(WireVectors.buffer("handshake_aes_256_gcm_hello")));
        Cookie cookie = Objects.requireNonNull(Cookie.parse(WireVectors.buffer("cookie")));
        assertThat(SECRET.cookieMac(cookie.clearBytes(), hello.ephemeral())).isEqualTo(WireVectors.bytes("cookie_mac"));
    }

    @ParameterizedTest
    @EnumSource
    void handshake(Suite suite) {
        byte[] helloClear = Hello.clear(suite.id(), SECRET.keyId(), SLAVE, null, NOISE_BYTES);
        byte[] prologue = Prologue.ofHello(helloClear);
        NoiseHandshake slave = NoiseHandshake.withEphemeral(true, suite, SECRET, prologue, EPHEMERALS.get(0));
        NoiseHandshake master = NoiseHandshake.withEphemeral(false, suite, SECRET, prologue, EPHEMERALS.get(1));

        Hello hello = new Hello(helloClear, slave.writeMessage(CAPABILITIES));
        ByteBuffer helloBytes = ByteBuffer.allocate(hello.sizeBytes());
        hello.write(helloBytes);
        assertThat(helloBytes.array()).isEqualTo(vector("handshake_%s_hello", suite));
        assertThat(master.readMessage(hello.noiseMessage(), 0, NOISE_BYTES)).isEqualTo(CAPABILITIES);

        byte[] replyClear = Reply.clear(SLAVE, MASTER, NOISE_BYTES);
        master.mixHash(replyClear);
        slave.mixHash(replyClear);
        Reply reply = new Reply(replyClear, master.writeMessage(CAPABILITIES));
        ByteBuffer replyBytes = ByteBuffer.allocate(reply.sizeBytes());
        reply.write(replyBytes);
        assertThat(replyBytes.array()).isEqualTo(vector("handshake_%s_reply", suite));
        assertThat(slave.readMessage(reply.noiseMessage(), 0, NOISE_BYTES)).isEqualTo(CAPABILITIES);

        assertKeys(slave, master, suite, "handshake_%s_keys");
    }

    @ParameterizedTest
    @EnumSource
    void rekey(Suite suite) {
        byte[] ask = Prologue.handshakeClearBytes(Prologue.INITIATE, SLAVE_REKEYED, NoiseHandshake.OVERHEAD);
        byte[] answer = Prologue.handshakeClearBytes(Prologue.ANSWER, MASTER_REKEYED, NoiseHandshake.OVERHEAD);
        byte[] prologue = Prologue.ofRekey(ask);
        NoiseHandshake slave = NoiseHandshake.withEphemeral(true, suite, SECRET, prologue, EPHEMERALS.get(2));
        NoiseHandshake master = NoiseHandshake.withEphemeral(false, suite, SECRET, prologue, EPHEMERALS.get(3));

        byte[] first = slave.writeMessage(NO_PAYLOAD);
        assertThat(frame(ask, first)).isEqualTo(vector("rekey_%s_ask", suite));
        assertThat(master.readMessage(first, 0, first.length)).isEmpty();

        master.mixHash(answer);
        slave.mixHash(answer);
        byte[] second = master.writeMessage(NO_PAYLOAD);
        assertThat(frame(answer, second)).isEqualTo(vector("rekey_%s_answer", suite));
        assertThat(slave.readMessage(second, 0, second.length)).isEmpty();

        assertKeys(slave, master, suite, "rekey_%s_keys");
    }

    @ParameterizedTest
    @EnumSource
    void transport(Suite suite) {
        byte[] header = WireVectors.bytes("transport_header");
        byte[] probe = WireVectors.bytes("frame_probe");
        byte[] payload = WireVectors.bytes("frame_payload");
        byte[] sealed = vector("sealed_transport_%s", suite);
        byte[] key = keys(suite, "handshake_%s_keys").get(0);

        ByteBuffer datagram = ByteBuffer.allocate(sealed.length);
        datagram.put(header).put(probe).put(payload);
        int plainBytes = datagram.position() - TransportHeader.CLEAR_BYTES;
        int length =
                new Sealer(suite, key).seal(LINK, NUMBER, datagram.array(), 0, TransportHeader.CLEAR_BYTES, plainBytes);
        assertThat(length).isEqualTo(sealed.length);
        assertThat(datagram.array()).isEqualTo(sealed);

        byte[] opened = new byte[plainBytes];
        assertThat(new Opener(suite, key)
                        .open(LINK, NUMBER, sealed, 0, TransportHeader.CLEAR_BYTES, sealed.length, opened))
                .isEqualTo(plainBytes);
        assertThat(opened).endsWith(payload);
    }

    /** What one side seals under the key in the document, the other side opens; and the other way about. */
    private static void assertKeys(NoiseHandshake slave, NoiseHandshake master, Suite suite, String name) {
        List<byte[]> keys = keys(suite, name);
        SessionKeys slaves = slave.split();
        SessionKeys masters = master.split();
        assertThat(sealed(slaves.sender())).isEqualTo(sealed(new Sealer(suite, keys.get(0))));
        assertThat(sealed(masters.sender())).isEqualTo(sealed(new Sealer(suite, keys.get(1))));
        assertThat(opens(masters.opener(), sealed(new Sealer(suite, keys.get(0)))))
                .isTrue();
        assertThat(opens(slaves.opener(), sealed(new Sealer(suite, keys.get(1)))))
                .isTrue();
    }

    private static List<byte[]> keys(Suite suite, String name) {
        return WireVectors.lines(named(name, suite));
    }

    private static byte[] sealed(Sealer sealer) {
        byte[] buffer = new byte[Suite.KEY_LENGTH + Suite.TAG_LENGTH];
        sealer.seal(LINK, NUMBER, buffer, 0, 0, Suite.KEY_LENGTH);
        return buffer;
    }

    private static boolean opens(Opener opener, byte[] sealed) {
        return opener.open(LINK, NUMBER, sealed, 0, 0, sealed.length, new byte[sealed.length]) != Opener.FORGED;
    }

    private static byte[] frame(byte[] clear, byte[] noise) {
        ByteBuffer out = ByteBuffer.allocate(256);
        FrameWriter.handshake(out, clear, noise);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static byte[] vector(String name, Suite suite) {
        return WireVectors.bytes(named(name, suite));
    }

    private static String named(String name, Suite suite) {
        return String.format(name, suite.name().toLowerCase(Locale.ROOT));
    }
}
