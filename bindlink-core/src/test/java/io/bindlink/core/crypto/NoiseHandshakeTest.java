package io.bindlink.core.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.bindlink.core.base.Seeds;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NoiseHandshakeTest {
    private static final byte[] PROLOGUE = "prologue".getBytes(US_ASCII);
    private static final byte[] HELLO = "hello".getBytes(US_ASCII);
    private static final byte[] REPLY = "reply".getBytes(US_ASCII);
    private static final PresharedSecret SECRET = PresharedSecret.of(Bytes.counting(32));
    private static final PresharedSecret OTHER_SECRET = PresharedSecret.of(Bytes.of(1, 32));

    /** Without chance there is no ephemeral key, and without one no curve operation. */
    private static final RandomGenerator NO_CHANCE = () -> {
        throw new AssertionError("an ephemeral key was made for a stranger");
    };

    private final RandomGenerator random = new SplittableRandom(1);

    @ParameterizedTest
    @EnumSource
    void bothSidesGetKeysThatFit(Suite suite) {
        NoiseHandshake initiator = NoiseHandshake.initiator(suite, SECRET, PROLOGUE, random);
        NoiseHandshake responder = NoiseHandshake.responder(suite, SECRET, PROLOGUE, random);
        exchange(initiator, responder);
        SessionKeys slave = initiator.split();
        SessionKeys master = responder.split();

        assertThat(passes(slave.sender(), master.opener(), 0)).isTrue();
        assertThat(passes(master.sender(), slave.opener(), 0)).isTrue();
        assertThat(passes(slave.sender(), slave.opener(), 1))
                .as("the directions have different keys")
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void strangersCostNoCurveOperation(Suite suite) {
        Seeds.forEach(50, seed -> {
            SplittableRandom chance = new SplittableRandom(seed);
            byte[] garbage = new byte[chance.nextInt(300)];
            chance.nextBytes(garbage);

            assertThat(read(NoiseHandshake.responder(suite, SECRET, PROLOGUE, NO_CHANCE), garbage))
                    .isNull();
        });
    }

    @ParameterizedTest
    @EnumSource
    void anotherSecretOrPrologueIsNotAuthentic(Suite suite) {
        byte[] first = NoiseHandshake.initiator(suite, SECRET, PROLOGUE, random).writeMessage(HELLO);

        assertThat(read(NoiseHandshake.responder(suite, OTHER_SECRET, PROLOGUE, NO_CHANCE), first))
                .isNull();
        assertThat(read(NoiseHandshake.responder(suite, SECRET, REPLY, NO_CHANCE), first))
                .isNull();
    }

    @ParameterizedTest
    @EnumSource
    void alteredMessagesChangeNothing(Suite suite) {
        NoiseHandshake initiator = NoiseHandshake.initiator(suite, SECRET, PROLOGUE, random);
        NoiseHandshake responder = NoiseHandshake.responder(suite, SECRET, PROLOGUE, random);

        byte[] first = initiator.writeMessage(HELLO);
        refuseAllAlterations(responder, first);
        assertThat(read(responder, first)).isEqualTo(HELLO);

        byte[] second = responder.writeMessage(REPLY);
        refuseAllAlterations(initiator, second);
        assertThat(read(initiator, second)).isEqualTo(REPLY);
    }

    @ParameterizedTest
    @EnumSource
    void clearBytesAreBoundToOneMessage(Suite suite) {
        byte[] clear = "clear".getBytes(US_ASCII);
        byte[] altered = "Clear".getBytes(US_ASCII);
        NoiseHandshake initiator = NoiseHandshake.initiator(suite, SECRET, PROLOGUE, random);
        NoiseHandshake responder = NoiseHandshake.responder(suite, SECRET, PROLOGUE, random);
        read(responder, initiator.writeMessage(HELLO));
        responder.mixHash(clear);
        byte[] second = responder.writeMessage(REPLY);

        assertThat(read(initiator, second)).isNull();
        initiator.mixHash(altered);
        assertThat(read(initiator, second)).isNull();
        initiator.mixHash(clear);
        assertThat(read(initiator, second)).as("forgeries left nothing behind").isEqualTo(REPLY);
    }

    @ParameterizedTest
    @EnumSource
    void ephemeralKeysOfLowOrderAreNotAuthentic(Suite suite) {
        byte[] zeroKey = new byte[32];
        assertThat(read(NoiseHandshake.responder(suite, SECRET, PROLOGUE, random), firstMessage(suite, zeroKey)))
                .isNull();

        NoiseHandshake initiator = NoiseHandshake.initiator(suite, SECRET, PROLOGUE, random);
        initiator.writeMessage(HELLO);
        assertThat(read(initiator, new byte[NoiseHandshake.OVERHEAD])).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void messagesThatNobodyAwaitsAreNotRead(Suite suite) {
        NoiseHandshake initiator = NoiseHandshake.initiator(suite, SECRET, PROLOGUE, random);
        NoiseHandshake responder = NoiseHandshake.responder(suite, SECRET, PROLOGUE, random);
        byte[] first = initiator.writeMessage(HELLO);
        read(responder, first);
        byte[] second = responder.writeMessage(REPLY);
        read(initiator, second);

        assertThat(read(responder, first)).isNull();
        assertThat(read(initiator, second)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void stepsOutOfOrderAreOurBug(Suite suite) {
        NoiseHandshake initiator = NoiseHandshake.initiator(suite, SECRET, PROLOGUE, random);
        NoiseHandshake responder = NoiseHandshake.responder(suite, SECRET, PROLOGUE, random);

        assertThatIllegalStateException().isThrownBy(() -> responder.writeMessage(REPLY));
        assertThatIllegalStateException().isThrownBy(initiator::split);
        initiator.writeMessage(HELLO);
        assertThatIllegalStateException().isThrownBy(() -> initiator.writeMessage(HELLO));
    }

    @ParameterizedTest
    @EnumSource
    void nothingShowsKeys(Suite suite) {
        NoiseHandshake initiator = NoiseHandshake.initiator(suite, SECRET, PROLOGUE, random);
        NoiseHandshake responder = NoiseHandshake.responder(suite, SECRET, PROLOGUE, random);
        exchange(initiator, responder);

        assertThat(initiator).hasToString("NoiseHandshake(" + suite + ", DONE)");
        assertThat(initiator.split())
                .hasToString("SessionKeys[sender=Sealer(" + suite + "), opener=Opener(" + suite + ")]");
    }

    /** A first message made by a holder of the secret, with any bytes for its ephemeral key. */
    private static byte[] firstMessage(Suite suite, byte[] ephemeral) {
        SymmetricState state = new SymmetricState(suite);
        state.mixHash(PROLOGUE);
        state.mixKeyAndHash(SECRET.bytes());
        state.mixHash(ephemeral);
        state.mixKey(ephemeral);
        byte[] sealed = state.encryptAndHash(HELLO);
        byte[] message = new byte[ephemeral.length + sealed.length];
        System.arraycopy(ephemeral, 0, message, 0, ephemeral.length);
        System.arraycopy(sealed, 0, message, ephemeral.length, sealed.length);
        return message;
    }

    private static void exchange(NoiseHandshake initiator, NoiseHandshake responder) {
        assertThat(read(responder, initiator.writeMessage(HELLO))).isEqualTo(HELLO);
        assertThat(read(initiator, responder.writeMessage(REPLY))).isEqualTo(REPLY);
    }

    private static void refuseAllAlterations(NoiseHandshake reader, byte[] message) {
        for (int i = 0; i < message.length; i++) {
            byte[] altered = message.clone();
            altered[i] ^= 1;
            assertThat(read(reader, altered)).as("byte %d altered", i).isNull();
        }
        for (int length = 0; length < message.length; length++) {
            assertThat(reader.readMessage(message, 0, length))
                    .as("cut to %d", length)
                    .isNull();
        }
    }

    /** Reads from the middle of an array, as from a datagram. */
    private static byte @Nullable [] read(NoiseHandshake reader, byte[] message) {
        byte[] datagram = new byte[message.length + 10];
        System.arraycopy(message, 0, datagram, 7, message.length);
        return reader.readMessage(datagram, 7, message.length);
    }

    private static boolean passes(Sealer sealer, Opener opener, long number) {
        byte[] buffer = new byte[100];
        int length = sealer.seal(1, number, buffer, 0, 10, 50);
        return opener.open(1, number, buffer, 0, 10, length, new byte[50]) == 50;
    }
}
