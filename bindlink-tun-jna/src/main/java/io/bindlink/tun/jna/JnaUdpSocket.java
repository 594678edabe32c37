package io.bindlink.tun.jna;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.bindlink.api.spi.DatagramTooLargeException;
import io.bindlink.api.spi.UdpSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket with segmentation offload: a train passes the kernel's stack as one packet and is cut up by the network
 * card, or just before it (UDP_SEGMENT); what arrives in a row is put together again (UDP_GRO). Nothing is allocated for
 * each call.
 *
 * <p>Thread-safe as {@link UdpSocket} has it.
 */
final class JnaUdpSocket implements UdpSocket {
    /** What kernels before 6.9 cut a train into at most. */
    private static final int MAX_SEGMENTS = 64;

    /** Trains refused in a row as invalid, after which no more are tried: a path's MTU that shrank explains only a few. */
    private static final int MAX_REFUSALS = 3;

    private final int descriptor;
    private final Turnstile turnstile = new Turnstile(this::closeDescriptor);
    private final Outgoing out;
    private final Incoming in;
    private volatile int maxTrainDatagrams = MAX_SEGMENTS;

    /** What belongs to the sending thread. */
    private static final class Outgoing {
        final MessageHeader header = new MessageHeader();
        final BufferAddress buffer = new BufferAddress();
        final SocketAddresses addresses;
        int refusals;

        Outgoing(int family) {
            addresses = new SocketAddresses(family);
        }
    }

    /** What belongs to the receiving thread. */
    private static final class Incoming {
        final MessageHeader header = new MessageHeader();
        final BufferAddress buffer = new BufferAddress();
        final SocketAddresses addresses;

        @Nullable
        InetSocketAddress source;

        Incoming(int family) {
            addresses = new SocketAddresses(family);
        }
    }

    /** The address of a direct buffer, looked up once: it costs as much as a call of the kernel. */
    private static final class BufferAddress {
        private @Nullable ByteBuffer known;
        private long address;

        @SuppressWarnings("ReferenceEquality") // buffers are equal when their contents are
        long of(ByteBuffer buffer) {
            if (buffer != known) {
                address = Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
                known = buffer;
            }
            return address;
        }
    }

    /**
     * A socket around a descriptor.
     *
     * @param descriptor belongs to this from now on
     * @param family as {@link SocketAddresses} has it
     */
    JnaUdpSocket(int descriptor, int family) {
        this.descriptor = descriptor;
        this.out = new Outgoing(family);
        this.in = new Incoming(family);
    }

    @Override
    public int maxTrainDatagrams() {
        return maxTrainDatagrams;
    }

    // ---- sending ----

    @Override
    public boolean send(ByteBuffer train, int datagramBytes, @Nullable InetSocketAddress remote) throws IOException {
        int bytes = train.remaining();
        boolean many = bytes > datagramBytes;
        MessageHeader header = out.header;
        header.data(out.buffer.of(train) + train.position(), bytes);
        if (remote == null) {
            header.destination(0, 0);
        } else {
            header.destination(out.addresses.write(remote), out.addresses.sizeBytes());
        }
        header.segmentBytes(many ? datagramBytes : 0);
        enter();
        try {
            long result = Libc.sendmsg(descriptor, header.address(), Libc.MSG_DONTWAIT);
            if (result < 0 && Libc.errno() == Libc.EMSGSIZE) { // perhaps a router's word about an earlier datagram
                result = Libc.sendmsg(descriptor, header.address(), Libc.MSG_DONTWAIT);
            }
            return sent(result, Math.min(datagramBytes, bytes), many);
        } finally {
            turnstile.leave();
        }
    }

    private boolean sent(long result, int datagramBytes, boolean many) throws IOException {
        if (result >= 0) {
            out.refusals = many ? 0 : out.refusals;
            return true;
        }
        int errno = Libc.errno();
        switch (errno) {
            case Libc.EAGAIN, Libc.ENOBUFS, Libc.EINTR -> {
                return false;
            }
            case Libc.ECONNREFUSED -> throw new PortUnreachableException();
            case Libc.EMSGSIZE -> throw new DatagramTooLargeException(datagramBytes);
            case Libc.EIO, Libc.EOPNOTSUPP, Libc.ENOPROTOOPT -> refuse(many, MAX_REFUSALS);
            case Libc.EINVAL -> refuse(many, 1);
            default -> {}
        }
        throw Refusal.of(many ? "a train of datagrams" : "a datagram", errno);
    }

    private void refuse(boolean many, int weight) {
        if (many) {
            out.refusals += weight;
            if (out.refusals >= MAX_REFUSALS) {
                maxTrainDatagrams = 1;
            }
        }
    }

    // ---- receiving ----

    @Override
    public int receive(ByteBuffer into) throws IOException {
        int start = into.position();
        enter();
        try {
            long bytes;
            do {
                in.header.room(in.buffer.of(into) + start, into.remaining());
                bytes = Libc.recvmsg(descriptor, in.header.address(), Libc.MSG_DONTWAIT);
            } while (bytes < 0 && interrupted());
            return bytes < 0 ? -1 : received(into, (int) bytes);
        } finally {
            turnstile.leave();
        }
    }

    /** Whether a failed read is to be repeated; false when there is nothing to be read. */
    private static boolean interrupted() throws IOException {
        int errno = Libc.errno();
        return switch (errno) {
            case Libc.EAGAIN -> false;
            case Libc.EINTR, Libc.EMSGSIZE -> true; // the latter: a router's word about a datagram sent
            case Libc.ECONNREFUSED -> throw new PortUnreachableException();
            default -> throw Refusal.of("a socket", errno);
        };
    }

    private int received(ByteBuffer into, int bytes) throws IOException {
        into.limit(into.position() + bytes);
        in.source = in.addresses.read(in.header.bytes(), MessageHeader.sourceOffset());
        int segmentBytes = in.header.receivedSegmentBytes();
        return segmentBytes > 0 ? Math.min(segmentBytes, bytes) : bytes;
    }

    @Override
    public InetSocketAddress source() {
        InetSocketAddress source = in.source;
        if (source == null) {
            throw new IllegalStateException("nothing was received");
        }
        return source;
    }

    // ---- the end ----

    private void enter() throws ClosedChannelException {
        if (!turnstile.enter()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public void close() {
        if (turnstile.enter()) {
            turnstile.shut();
            turnstile.leave();
        }
    }

    private void closeDescriptor() {
        int unused = Libc.close(descriptor);
    }
}
