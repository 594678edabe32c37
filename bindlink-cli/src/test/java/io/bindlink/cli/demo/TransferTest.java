package io.bindlink.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TransferTest {
    private static final long BYTES = 300_000;

    @Test
    void fileThatArrivesAsItWasIsNoFailure() throws Exception {
        assertThat(failureOfWayThatAlters(-1)).isEmpty();
    }

    @Test
    void oneAlteredByteIsAFailure() throws Exception {
        assertThat(failureOfWayThatAlters(200_000)).startsWith("the file arrived altered: SHA-256 ");
    }

    private static String failureOfWayThatAlters(long position) throws Exception {
        try (Transfer transfer = new Transfer(BYTES, 1);
                ServerSocket way = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread carrier = new Thread(() -> carry(way, transfer.port(), position));
            carrier.start();
            transfer.start(new InetSocketAddress(way.getInetAddress(), way.getLocalPort()));
            assertThat(transfer.await(TimeUnit.SECONDS.toNanos(30))).isTrue();
            carrier.join();
            return transfer.failure();
        }
    }

    private static void carry(ServerSocket way, int port, long position) {
        try (Socket in = way.accept();
                Socket out = new Socket(InetAddress.getLoopbackAddress(), port)) {
            InputStream from = in.getInputStream();
            OutputStream to = out.getOutputStream();
            byte[] buffer = new byte[10_000];
            long done = 0;
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                if (position >= done && position < done + n) {
                    buffer[(int) (position - done)] ^= 1;
                }
                to.write(buffer, 0, n);
                done += n;
            }
            out.shutdownOutput();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
