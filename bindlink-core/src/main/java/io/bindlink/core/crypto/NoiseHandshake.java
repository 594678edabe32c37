package io.bindlink.core.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One side of a Noise handshake (revision 34) with the pattern NNpsk0: both sides prove that they know the secret, and
 * keys are fresh and forward secret.
 *
 * <pre>{@code
 *   -> psk, e        initiator: writeMessage             responder: readMessage
 *   <- e, ee         initiator: readMessage              responder: writeMessage
 *                    both: split
 * }</pre>
 *
 * A message is 32 bytes of ephemeral key and the sealed payload. One that is not authentic changes nothing: the genuine
 * one may still be read after it. A stranger costs the responder no curve operation: its ephemeral key is made once the
 * first message has proven authentic. Each hello takes a handshake of its own, also one repeated with a cookie.
 * Confined to its session.
 */
public final class NoiseHandshake {
    /** Bytes that a message is longer than its payload. */
    public static final int OVERHEAD = X25519.LENGTH + Suite.TAG_LENGTH;

    private static final byte[] TRANSPORT_LABEL = "bindlink/1 transport".getBytes(US_ASCII);

    private enum Step {
        WRITE_FIRST,
        READ_FIRST,
        WRITE_SECOND,
        READ_SECOND,
        DONE
    }

    private final Suite suite;
    private final boolean initiator;
    private final PresharedSecret secret;
    private final Supplier<X25519> ephemerals;

    private Step step;
    private SymmetricState state;
    private byte @Nullable [] clear;
    private @Nullable X25519 ephemeral;
    private byte @Nullable [] shared; // the responder's ee, between the messages

    private NoiseHandshake(
            boolean initiator, Suite suite, PresharedSecret secret, byte[] prologue, Supplier<X25519> ephemerals) {
        this.suite = suite;
        this.initiator = initiator;
        this.secret = secret;
        this.ephemerals = ephemerals;
        this.step = initiator ? Step.WRITE_FIRST : Step.READ_FIRST;
        this.state = new SymmetricState(suite);
        state.mixHash(prologue);
    }

    /**
     * The side that speaks first.
     *
     * @param suite the cipher
     * @param secret the shared secret
     * @param prologue what both sides must agree about
     * @param random a cryptographic source of chance
     * @return the handshake
     */
    public static NoiseHandshake initiator(
            Suite suite, PresharedSecret secret, byte[] prologue, RandomGenerator random) {
        return new NoiseHandshake(true, suite, secret, prologue, () -> X25519.random(random));
    }

    /**
     * The side that answers.
     *
     * @param suite the cipher
     * @param secret the shared secret
     * @param prologue what both sides must agree about
     * @param random a cryptographic source of chance
     * @return the handshake
     */
    public static NoiseHandshake responder(
            Suite suite, PresharedSecret secret, byte[] prologue, RandomGenerator random) {
        return new NoiseHandshake(false, suite, secret, prologue, () -> X25519.random(random));
    }

    /** A side with an ephemeral key that is known, for published vectors. */
    static NoiseHandshake withEphemeral(
            boolean initiator, Suite suite, PresharedSecret secret, byte[] prologue, byte[] ephemeral) {
        return new NoiseHandshake(initiator, suite, secret, prologue, () -> X25519.of(ephemeral));
    }

    /**
     * Binds clear bytes to the next message, on both sides: it is authentic only if they are the same. They are
     * forgotten with that message, also when it cannot be read.
     *
     * @param bytes what goes beside the message; copied
     */
    public void mixHash(byte[] bytes) {
        clear = bytes.clone();
    }

    /**
     * Writes this side's message.
     *
     * @param payload what it carries; the initiator's is sealed under the secret alone, without forward secrecy
     * @return the message, {@link #OVERHEAD} bytes longer than the payload
     */
    public byte[] writeMessage(byte[] payload) {
        mixClear(state);
        switch (step) {
            case WRITE_FIRST -> {
                state.mixKeyAndHash(secret.bytes());
                ephemeral = ephemerals.get();
                mixEphemeral(state, ephemeral.publicKey());
                step = Step.READ_SECOND;
            }
            case WRITE_SECOND -> {
                mixEphemeral(state, present(ephemeral).publicKey());
                state.mixKey(present(shared));
                shared = null;
                step = Step.DONE;
            }
            default -> throw new IllegalStateException("no handshake message to write in step " + step);
        }
        byte[] key = present(ephemeral).publicKey();
        byte[] sealed = state.encryptAndHash(payload);
        byte[] message = Arrays.copyOf(key, key.length + sealed.length);
        System.arraycopy(sealed, 0, message, key.length, sealed.length);
        return message;
    }

    /**
     * Reads the other side's message.
     *
     * @param in holds the message
     * @param off where it starts
     * @param len how long it is, any number
     * @return its payload; null when it is not authentic, or none is awaited
     */
    public byte @Nullable [] readMessage(byte[] in, int off, int len) {
        SymmetricState attempt = state.copy();
        mixClear(attempt);
        if (len < OVERHEAD) {
            return null;
        }
        byte[] peer = Arrays.copyOfRange(in, off, off + X25519.LENGTH);
        byte[] sealed = Arrays.copyOfRange(in, off + X25519.LENGTH, off + len);
        return switch (step) {
            case READ_FIRST -> readFirst(attempt, peer, sealed);
            case READ_SECOND -> readSecond(attempt, peer, sealed);
            default -> null;
        };
    }

    /**
     * The keys that the handshake has made.
     *
     * @return this side's sealer and opener
     */
    public SessionKeys split() {
        byte[][] keys = splitKeys();
        byte[] forward = Hkdf.expand(keys[0], TRANSPORT_LABEL, Suite.KEY_LENGTH);
        byte[] backward = Hkdf.expand(keys[1], TRANSPORT_LABEL, Suite.KEY_LENGTH);
        return initiator
                ? new SessionKeys(new Sealer(suite, forward), new Opener(suite, backward))
                : new SessionKeys(new Sealer(suite, backward), new Opener(suite, forward));
    }

    /** Noise's own keys, the initiator's sending key first. */
    byte[][] splitKeys() {
        if (step != Step.DONE) {
            throw new IllegalStateException("the handshake is not complete: " + step);
        }
        return state.split();
    }

    /** Noise's handshake hash. */
    byte[] handshakeHash() {
        return state.hash();
    }

    /** Hides the keys. */
    @Override
    public String toString() {
        return "NoiseHandshake(" + suite + ", " + step + ")";
    }

    private byte @Nullable [] readFirst(SymmetricState attempt, byte[] peer, byte[] sealed) {
        attempt.mixKeyAndHash(secret.bytes());
        mixEphemeral(attempt, peer);
        byte[] payload = attempt.decryptAndHash(sealed);
        if (payload == null) {
            return null;
        }
        // ee belongs to the answer, but a key of low order is refused here, where a message can be refused
        X25519 own = ephemerals.get();
        byte[] product = own.agree(peer);
        if (product == null) {
            return null;
        }
        ephemeral = own;
        shared = product;
        return accept(attempt, Step.WRITE_SECOND, payload);
    }

    private byte @Nullable [] readSecond(SymmetricState attempt, byte[] peer, byte[] sealed) {
        mixEphemeral(attempt, peer);
        byte[] product = present(ephemeral).agree(peer);
        if (product == null) {
            return null;
        }
        attempt.mixKey(product);
        byte[] payload = attempt.decryptAndHash(sealed);
        return payload == null ? null : accept(attempt, Step.DONE, payload);
    }

    private byte[] accept(SymmetricState attempt, Step next, byte[] payload) {
        state = attempt;
        step = next;
        return payload;
    }

    private void mixClear(SymmetricState target) {
        if (clear != null) {
            target.mixHash(clear);
            clear = null;
        }
    }

    /** The token e; in a handshake with a psk the public key is mixed into the keys too (section 9.2). */
    private static void mixEphemeral(SymmetricState target, byte[] publicKey) {
        target.mixHash(publicKey);
        target.mixKey(publicKey);
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("the handshake has no ephemeral key yet");
        }
        return value;
    }
}
