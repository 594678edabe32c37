package io.bindlink.core.crypto;

import io.bindlink.core.wire.Hello;
import io.bindlink.core.wire.Prologue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A hello and the handshake it began: its clear part comes first, and the noise message authenticates that.
 *
 * @param hello to be sent
 * @param noise understands the answer
 */
public record Greeting(Hello hello, NoiseHandshake noise) {
    /**
     * Begins a handshake.
     *
     * @param suite seals the hello
     * @param secret the key
     * @param index under which the answer is to come; not 0
     * @param cookie the master's; null for none
     * @param payload for the master to read
     * @param random of cryptographic quality
     * @return a hello that was never sent before
     */
    public static Greeting of(
            Suite suite,
            PresharedSecret secret,
            int index,
            byte @Nullable [] cookie,
            byte[] payload,
            RandomGenerator random) {
        byte[] clear = Hello.clear(suite.id(), secret.keyId(), index, cookie, NoiseHandshake.OVERHEAD + payload.length);
        NoiseHandshake noise = NoiseHandshake.initiator(suite, secret, Prologue.ofHello(clear), random);
        return new Greeting(new Hello(clear, noise.writeMessage(payload)), noise);
    }
}
