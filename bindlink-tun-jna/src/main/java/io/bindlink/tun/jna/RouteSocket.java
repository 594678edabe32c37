package io.bindlink.tun.jna;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A socket through which the kernel is told how interfaces are to be. Confined to one thread. */
final class RouteSocket implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = Libc.O_CLOEXEC;
    private static final int NETLINK_ROUTE = 0;

    private static final int ANSWER_BYTES = 4096;

    private final NativeMemory request = new NativeMemory(RouteMessage.MAX_BYTES);
    private final NativeMemory answer = new NativeMemory(ANSWER_BYTES);
    private final int descriptor;
    private int sequence;

    RouteSocket() throws IOException {
        descriptor = Libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
        if (descriptor < 0) {
            throw Refusal.of("a netlink socket", Libc.errno());
        }
    }

    /** The number of the interface that a request names. */
    int indexOf(InterfaceRequest named) throws IOException {
        if (Libc.ioctl(descriptor, InterfaceRequest.GET_INDEX, named.address()) < 0) {
            throw Refusal.of("interface '" + named.name() + "'", Libc.errno());
        }
        return named.index();
    }

    /** Sets the MTU and the number of packets that wait; answers 0 or an error number, as the following do. */
    int setSizes(int index, int mtuBytes, int queuePackets) throws IOException {
        RouteMessage.writeSizes(request.bytes(), ++sequence, index, mtuBytes, queuePackets);
        return exchange();
    }

    int addAddress(int index, InterfaceAddress address) throws IOException {
        RouteMessage.writeAddress(request.bytes(), ++sequence, index, address);
        return exchange();
    }

    int bringUp(int index) throws IOException {
        RouteMessage.writeUp(request.bytes(), ++sequence, index);
        return exchange();
    }

    private int exchange() throws IOException {
        int size = request.bytes().limit();
        if (Libc.write(descriptor, request.address(), size) != size) {
            throw Refusal.of("the netlink socket", Libc.errno());
        }
        long got;
        do {
            got = Libc.read(descriptor, answer.address(), answer.sizeBytes());
            if (got < 0 && Libc.errno() != Libc.EINTR) {
                throw Refusal.of("the netlink socket", Libc.errno());
            }
        } while (!isAnswer(got));
        return -answer.bytes().getInt(RouteMessage.ERROR_OFFSET);
    }

    private boolean isAnswer(long got) {
        ByteBuffer bytes = answer.bytes();
        return got >= RouteMessage.ERROR_OFFSET + Integer.BYTES
                && bytes.getShort(RouteMessage.TYPE_OFFSET) == RouteMessage.ERROR
                && bytes.getInt(RouteMessage.SEQUENCE_OFFSET) == sequence;
    }

    @Override
    public void close() {
        int unused = Libc.close(descriptor);
    }
}
