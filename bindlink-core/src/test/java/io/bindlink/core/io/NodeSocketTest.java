package io.bindlink.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.spi.UdpSocket;
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

    /** Notes what is sent, or behaves as told; takes trains of so many. */
    private static class NotingUdp implements UdpSocket {
        final List<Integer> written = Collections.synchronizedList(new ArrayList<>());
        final List<Integer> trains = new ArrayList<>();
        int most = 1;

        @Override
        public int maxTrainDatagrams() {
            return most;
        }

        @Override
        public boolean send(ByteBuffer train, int datagramBytes, InetSocketAddress remote) throws IOException {
            int count = 0;
            for (int start = train.position(); start < train.limit(); start += datagramBytes, count++) {
                written.add(train.getInt(start));
            }
            trains.add(count);
            return true;
        }

        @Override
        public int receive(ByteBuffer into) {
            return -1;
        }

        @Override
        public InetSocketAddress source() {
            throw new IllegalStateException();
        }

        @Override
        public void close() {}
    }

    private NodeSocket socket(UdpSocket udp) throws IOException {
        return new UdpNodeSocket(new UdpEndpoint(DatagramChannel.open(), udp), counters) {
            @Override
            InetSocketAddress destination(Transmit transmit) {
                return transmit.remote();
            }
        };
    }

    @Test
    void datagramsLeaveInTheOrderTheyWereQueuedThoughManyThreadsSend() throws Exception {
        int threads = 4;
        int each = 20_000;
        ReentrantLock engine = new ReentrantLock();
        int[] number = new int[1];
        CountDownLatch done = new CountDownLatch(threads);
        NotingUdp udp = new NotingUdp();
        udp.most = 64;
        try (NodeSocket socket = socket(udp)) {
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
            assertThat(udp.written).hasSize(threads * each).isSorted();
            assertThat(transmits.out()).isZero();
        }
    }

    @Test
    void whatCannotBeSentIsCountedAndTheRestGoesOut() throws Exception {
        NotingUdp udp = new NotingUdp() {
            @Override
            public boolean send(ByteBuffer train, int datagramBytes, InetSocketAddress remote) throws IOException {
                super.send(train, datagramBytes, remote);
                if (written.size() == 1) {
                    throw new IOException("Network is unreachable");
                }
                return written.size() != 2;
            }
        };
        try (NodeSocket socket = socket(udp)) {
            for (int i = 0; i < 3; i++) {
                socket.enqueue(numbered(i));
            }
            socket.flush();
            assertThat(udp.written).containsExactly(0, 1, 2);
            assertThat(counters.sendFailed.sum()).isEqualTo(1);
            assertThat(counters.sendBufferFull.sum()).isEqualTo(1);
            assertThat(transmits.out()).isZero();
        }
    }

    @Test
    void datagramsOfOneSizeToOnePlaceLeaveTogetherAndAShorterOneEndsTheTrain() throws Exception {
        NotingUdp udp = new NotingUdp();
        udp.most = 4;
        InetSocketAddress one = new InetSocketAddress("192.0.2.1", 1);
        InetSocketAddress other = new InetSocketAddress("192.0.2.2", 1);
        try (NodeSocket socket = socket(udp)) {
            int[] lengths = {8, 8, 8, 8, 8, 8, 6, 6, 6, 7, 7, 7};
            for (int i = 0; i < lengths.length; i++) {
                socket.enqueue(numbered(i, lengths[i], i == 11 ? other : one));
            }
            socket.flush();
            assertThat(udp.written).isSorted().hasSize(lengths.length);
            assertThat(udp.trains).containsExactly(4, 3, 2, 2, 1);
            assertThat(transmits.out()).isZero();
        }
    }

    @Test
    void theDatagramsOfARefusedTrainAreTriedOneByOne() throws Exception {
        NotingUdp udp = new NotingUdp() {
            @Override
            public boolean send(ByteBuffer train, int datagramBytes, InetSocketAddress remote) throws IOException {
                if (train.remaining() > datagramBytes || train.getInt(train.position()) == 1) {
                    throw new IOException("Message too long");
                }
                return super.send(train, datagramBytes, remote);
            }
        };
        udp.most = 64;
        try (NodeSocket socket = socket(udp)) {
            for (int i = 0; i < 3; i++) {
                socket.enqueue(numbered(i));
            }
            socket.flush();
            assertThat(udp.written).containsExactly(0, 2);
            assertThat(counters.sendFailed.sum()).isEqualTo(1);
        }
    }

    @Test
    void aTrainTheSystemHasNoRoomForCountsEachOfItsDatagrams() throws Exception {
        NotingUdp udp = new NotingUdp() {
            @Override
            public boolean send(ByteBuffer train, int datagramBytes, InetSocketAddress remote) {
                return false;
            }
        };
        udp.most = 64;
        try (NodeSocket socket = socket(udp)) {
            for (int i = 0; i < 5; i++) {
                socket.enqueue(numbered(i));
            }
            socket.flush();
            assertThat(counters.sendBufferFull.sum()).isEqualTo(5);
        }
    }

    @Test
    void aSocketIsGivenUpAfterManyFailuresInARow() throws Exception {
        try (NodeSocket socket = socket(new NotingUdp())) {
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
        return numbered(number, 4, null);
    }

    private Transmit numbered(int number, int length, InetSocketAddress remote) {
        Transmit transmit = transmits.take();
        ByteBuffer.wrap(transmit.bytes()).putInt(Transmit.HEADROOM_BYTES, number);
        transmit.address(1, remote, length);
        return transmit;
    }
}
