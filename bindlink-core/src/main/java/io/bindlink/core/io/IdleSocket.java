package io.bindlink.core.io;

import io.bindlink.api.LinkUri;
import io.bindlink.core.base.Rates;
import io.bindlink.core.crypto.Greeting;
import io.bindlink.core.crypto.PresharedSecret;
import io.bindlink.core.crypto.Suite;
import io.bindlink.core.link.Transmit;
import io.bindlink.core.link.TransmitPool;
import io.bindlink.core.wire.Cookie;
import io.bindlink.core.wire.Hello;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A socket to the master that says nothing but a hello now and then. A master that has a session under the same key answers
 * each with a cookie and remembers nothing (docs/wire.md, section 5.3). The cookie is bound to the address the hello came
 * from: two equal ones say that whatever lies between has kept its mapping. Blocking; confined to one thread.
 */
final class IdleSocket implements AutoCloseable {
    private static final int TRIES = 3;
    private static final long ANSWER_NANOS = Rates.NANOS_PER_SECOND;
    private static final long LOOK_MILLIS = 5;

    private final NodeSocket socket;
    private final PresharedSecret secret;
    private final SecureRandom random = Entropy.secure();
    private final TransmitPool pool = new TransmitPool();
    private final Inbound inbound = new Inbound();

    private IdleSocket(NodeSocket socket, PresharedSecret secret) {
        this.socket = socket;
        this.secret = secret;
    }

    /**
     * Opens one; nothing goes to the master yet.
     *
     * @param uri how to get there, by UDP
     * @param proxyTarget the master as a proxy sees it
     * @param secret the key
     * @return the socket, on a port of its own
     * @throws IOException with a line for people
     */
    static IdleSocket open(LinkUri uri, @Nullable HostPort proxyTarget, PresharedSecret secret) throws IOException {
        try (Dialer dialer = new Dialer(proxyTarget, UdpSockets.portable(), new IoCounters())) {
            return new IdleSocket(dialer.dial(uri).socket(), secret);
        }
    }

    /**
     * Says hello, up to three times.
     *
     * @return the master's cookie; null when no answer came
     * @throws InterruptedException if the thread was interrupted
     */
    byte @Nullable [] greet() throws InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            byte[] cookie = ask();
            if (cookie != null) {
                return cookie;
            }
        }
        return null;
    }

    private byte @Nullable [] ask() throws InterruptedException {
        int index = random.nextInt() | 1; // any but 0
        Hello hello = Greeting.of(Suite.AES_256_GCM, secret, index, null, new byte[0], random)
                .hello();
        Transmit transmit = pool.take();
        hello.write(transmit.buffer().clear().position(Transmit.HEADROOM_BYTES));
        transmit.address(socket.number(), null, hello.sizeBytes());
        socket.enqueue(transmit);
        socket.flush();
        long deadlineNanos = System.nanoTime() + ANSWER_NANOS;
        while (System.nanoTime() - deadlineNanos < 0) {
            byte[] cookie = receive(hello, index);
            if (cookie != null) {
                return cookie;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return null;
    }

    private byte @Nullable [] receive(Hello asked, int index) {
        inbound.clear();
        try {
            if (!socket.receive(inbound)) {
                return null;
            }
        } catch (IOException e) {
            return null; // a socket that the system has given up answers nothing either
        }
        for (int i = 0; i < inbound.count(); i++) {
            Cookie cookie = Cookie.parse(inbound.datagram(i));
            boolean ours = cookie != null
                    && cookie.receiver() == index
                    && secret.validCookieMac(cookie.mac(), cookie.clearBytes(), asked.ephemeral());
            if (cookie != null && ours) {
                socket.handleAuthentic(inbound.source(i));
                return Arrays.copyOf(cookie.cookie(), Cookie.COOKIE_BYTES);
            }
        }
        return null;
    }

    @Override
    public void close() {
        socket.close();
    }
}
