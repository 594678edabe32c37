package io.bindlink.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.link.Transmit;
import io.bindlink.core.link.TransmitPool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

final class NodeSocketTest {
    private final IoCounters counters = new IoCounters();
    private final TransmitPool transmits = new TransmitPool();

    /** Notes what is written, or behaves as told. */
    private class NotingSocket extends NodeSocket {
        final List<Integer> written = Collections.synchronizedList(new ArrayList<>());

        NotingSocket() throws IOException {
            super(DatagramChannel.open(), counters);
        }

        @Override
        InetSocketAddress receive(ByteBuffer into) {
            return null;
        }

        @Override
        boolean write(ByteBuffer datagram, Transmit transmit) throws IOException {
            written.add(datagram.getInt());
            return true;
        }
    }

    @Test
    void datagramsLeaveInTheOrderTheyWereQueuedThoughManyThreadsSend() throws Exception {
        int threads = 4;
        int each = 20_000;
        ReentrantLock engine = new ReentrantLock();
        int[] number = new int[1];
        CountDownLatch done = new CountDownLatch(threads);
        try (NotingSocket socket = new NotingSocket()) {
            for (int t = 0; t < threads; t++) {
                new Thread(() -> {
                            for (int i = 0; i < each; i++) {
                                engine.lock();
                                socket.enqueue(numbered(number[0]++));
                                engine.unlock();
                                socket.flush();
                            }
                            done.countDown();
                        })
                        .start();
            }
            done.await();
            assertThat(socket.written).hasSize(threads * each).isSorted();
            assertThat(transmits.out()).isZero();
        }
    }

    @Test
    void whatCannotBeSentIsCountedAndTheRestGoesOut() throws Exception {
        try (NotingSocket socket = new NotingSocket() {
            @Override
            boolean write(ByteBuffer datagram, Transmit transmit) throws IOException {
                super.write(datagram, transmit);
                if (written.size() == 1) {
                    throw new IOException("Network is unreachable");
                }
                return written.size() != 2;
            }
        }) {
            for (int i = 0; i < 3; i++) {
                socket.enqueue(numbered(i));
            }
            socket.flush();
            assertThat(socket.written).containsExactly(0, 1, 2);
            assertThat(counters.sendFailed.sum()).isEqualTo(1);
            assertThat(counters.sendBufferFull.sum()).isEqualTo(1);
            assertThat(transmits.out()).isZero();
        }
    }

    @Test
    void aSocketIsGivenUpAfterManyFailuresInARow() throws Exception {
        try (NotingSocket socket = new NotingSocket()) {
            for (int i = 0; i < 63; i++) {
                assertThat(socket.handleReceiveFailed()).isFalse();
            }
            socket.handleReceived();
            for (int i = 0; i < 63; i++) {
                assertThat(socket.handleReceiveFailed()).isFalse();
            }
            assertThat(socket.handleReceiveFailed()).isTrue();
        }
    }

    private Transmit numbered(int number) {
        Transmit transmit = transmits.take();
        ByteBuffer.wrap(transmit.bytes()).putInt(Transmit.HEADROOM_BYTES, number);
        transmit.address(1, null, 4);
        return transmit;
    }
}
