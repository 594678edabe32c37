package io.bindlink.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.base.Rates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpConnectionsTest {
    private static final long MILLI = Rates.NANOS_PER_MILLI;

    private final IoCounters counters = new IoCounters();
    private final TcpConnections connections = new TcpConnections(counters);
    private final List<TcpSocket> open = new ArrayList<>();
    private final List<TcpSocket> displaced = new ArrayList<>();

    /** A socket notes the real time when it turns out authentic; what is added to it here is far more than a test takes. */
    private long nowNanos = System.nanoTime();

    @AfterEach
    void close() throws IOException {
        for (TcpSocket each : open) {
            each.close();
        }
    }

    @Test
    void oldestStrangerOfASourceGoesForTheNextOne() throws IOException {
        TcpSocket other = stranger(2);
        List<TcpSocket> ofOne = strangers(1, TcpConnections.MAX_STRANGERS_OF_ONE_SOURCE);
        assertThat(displaced).isEmpty();
        stranger(1);
        stranger(1);
        assertThat(displaced).containsExactly(ofOne.get(0), ofOne.get(1)).doesNotContain(other);
        assertThat(connections.size()).isEqualTo(TcpConnections.MAX_STRANGERS_OF_ONE_SOURCE + 1);
        assertThat(counters.connectionsDisplaced.sum()).isEqualTo(2);
    }

    @Test
    void strangersOfManySourcesAreLimitedTogether() throws IOException {
        TcpSocket oldest = stranger(1);
        for (int source = 2; source <= TcpConnections.MAX_STRANGERS; source++) {
            stranger(source);
        }
        assertThat(displaced).isEmpty();
        stranger(200);
        assertThat(displaced).containsExactly(oldest);
        assertThat(connections.size()).isEqualTo(TcpConnections.MAX_STRANGERS);
    }

    @Test
    void authenticConnectionIsNoStrangerHoweverManyCome() throws IOException {
        List<TcpSocket> authentic = authentic(1, 3 * TcpConnections.MAX_STRANGERS_OF_ONE_SOURCE);
        strangers(1, 2 * TcpConnections.MAX_STRANGERS);
        for (int source = 2; source < 200; source++) {
            stranger(source);
        }
        assertThat(displaced).doesNotContainAnyElementsOf(authentic);
        assertThat(connections.size()).isEqualTo(authentic.size() + TcpConnections.MAX_STRANGERS);
    }

    @Test
    void strangerNeverTakesThePlaceOfAnAuthenticConnectionWhileAnotherStrangerHasOne() throws IOException {
        TcpSocket first = stranger(1);
        List<TcpSocket> authentic = authentic(2, TcpConnections.MAX_IN_ALL - 1);
        assertThat(displaced).isEmpty();
        TcpSocket second = stranger(3);
        stranger(4);
        assertThat(displaced).containsExactly(first, second).doesNotContainAnyElementsOf(authentic);
        assertThat(connections.size()).isEqualTo(TcpConnections.MAX_IN_ALL);
    }

    @Test
    void quietestOfTooManyAuthenticConnectionsWasLeftBehind() throws IOException {
        List<TcpSocket> authentic = authentic(1, TcpConnections.MAX_IN_ALL);
        stranger(2);
        assertThat(displaced).containsExactly(authentic.get(0));
    }

    @Test
    void strangerHasFiveSecondsAndAnAuthenticConnectionAMinute() throws IOException {
        long startNanos = nowNanos;
        TcpSocket authentic = authentic(1, 1).get(0);
        TcpSocket silent = stranger(1);
        assertThat(connections.takeExpired(startNanos + 4_900 * MILLI)).isEmpty();
        assertThat(connections.takeExpired(startNanos + 5_100 * MILLI)).containsExactly(silent);
        assertThat(connections.takeExpired(startNanos + 50_000 * MILLI)).isEmpty();
        assertThat(counters.connectionsTimedOut.sum()).isEqualTo(1);
        assertThat(connections.takeExpired(authentic.authenticNanos() + 60_000 * MILLI))
                .containsExactly(authentic);
        assertThat(counters.connectionsTimedOut.sum()).isEqualTo(2);
        assertThat(counters.connectionsDisplaced.sum()).isZero();
        assertThat(connections.size()).isZero();
    }

    private List<TcpSocket> strangers(int source, int count) throws IOException {
        List<TcpSocket> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(stranger(source));
        }
        return made;
    }

    private List<TcpSocket> authentic(int source, int count) throws IOException {
        List<TcpSocket> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TcpSocket socket = stranger(source);
            socket.handleAuthentic(socket.remote());
            made.add(socket);
        }
        return made;
    }

    /** The next connection of a source, a moment after the one before. Nobody is at its other end. */
    private TcpSocket stranger(int source) throws IOException {
        InetAddress address = InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) source});
        InetSocketAddress remote = new InetSocketAddress(address, 1_000 + open.size());
        TcpSocket socket = new TcpSocket(SocketChannel.open(), remote, () -> {}, connections::remove, counters);
        open.add(socket);
        nowNanos += MILLI / 100;
        TcpSocket gone = connections.add(socket, nowNanos);
        if (gone != null) {
            displaced.add(gone);
        }
        return socket;
    }
}
