package io.bindlink.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.LinkState;
import io.bindlink.api.LinkUri;
import io.bindlink.core.Bindlink;
import io.bindlink.core.PresharedKey;
import io.bindlink.core.RealNodes;
import io.bindlink.core.stream.ByteStream;
import io.bindlink.core.stream.Streams;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A whole bond whose every address is one of IPv6: master, proxy, relay and the headers in between. */
@Timeout(60)
@ResourceLock(RealNodes.LOCK)
class Ipv6BondTest {
    /** A thread for each task: the common pool may have one alone, and tasks here wait for each other. */
    private static final Executor THREADS = task -> new Thread(task, "test").start();

    private static final int BYTES = 500_000;
    private static final byte IPV6 = 4;

    @Test
    void bytesGoBothWaysThroughAProxy() throws Exception {
        InetAddress loopback = InetAddress.getByName("::1");
        PresharedKey key = PresharedKey.generate();
        Streams at = new Streams();
        Streams from = new Streams();
        try (FakeSocksServer proxy = new FakeSocksServer(loopback);
                Bindlink master = Bindlink.master().key(key).tun(at).start()) {
            InetSocketAddress listening = master.linkMap().startListener(new InetSocketAddress(loopback, 0));
            try (Bindlink slave = Bindlink.slave()
                    .key(key)
                    .tun(from)
                    .proxyTarget("[::1]:" + listening.getPort())
                    .link(LinkUri.socks5("::1", proxy.port()))
                    .start()) {
                slave.awaitUp(Duration.ofSeconds(20));
                byte[] sent = new byte[BYTES];
                new SplittableRandom(6).nextBytes(sent);
                CompletableFuture<byte[]> echoed = CompletableFuture.supplyAsync(() -> echo(at), THREADS);
                try (ByteStream stream = from.open("test")) {
                    CompletableFuture<byte[]> back = CompletableFuture.supplyAsync(() -> read(stream), THREADS);
                    stream.write(sent, 0, sent.length);
                    stream.finish();
                    assertThat(back.join()).isEqualTo(sent);
                }
                assertThat(echoed.join()).isEqualTo(sent);
                assertThat(slave.stats().links()).hasSize(1).allMatch(link -> link.state() == LinkState.UP);
                assertThat(listening.getAddress()).isInstanceOf(Inet6Address.class);
                assertThat(proxy.requests().take()[3])
                        .as("type of the address in the request")
                        .isIn((byte) 1, IPV6);
            }
        }
    }

    /** Sends back all that the next stream brings. */
    private static byte[] echo(Streams streams) {
        try (ByteStream stream = streams.accept()) {
            byte[] bytes = read(stream);
            stream.write(bytes, 0, bytes.length);
            stream.finish();
            stream.awaitEnd();
            return bytes;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] read(ByteStream stream) {
        try {
            ByteBuffer all = ByteBuffer.allocate(BYTES + 1);
            byte[] piece = new byte[10_000];
            for (int n = stream.read(piece, 0, piece.length); n >= 0; n = stream.read(piece, 0, piece.length)) {
                all.put(piece, 0, n);
            }
            return Arrays.copyOf(all.array(), all.position());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
