package io.bindlink.tun.jna;

import java.nio.ByteBuffer;

/**
 * What {@code sendmsg} and {@code recvmsg} are told, made once for a socket and direction; all in native byte order:
 *
 * <pre>
 * struct msghdr   0  u64 name  u32 name size  4 unused  u64 vectors  u64 their number
 *                32  u64 control  u64 control size  i32 flags  4 unused
 * struct iovec   56  u64 base  u64 size
 * struct cmsghdr 72  u64 size  i32 level  i32 type  value (u16 when sent, i32 when received)
 * name           96  struct sockaddr, for what is received
 * </pre>
 *
 * <p>Confined to one thread at a time.
 */
final class MessageHeader {
    private static final int NAME = 0;
    private static final int NAME_SIZE = 8;
    private static final int VECTORS = 16;
    private static final int VECTOR_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_SIZE = 40;
    private static final int FLAGS = 48;
    private static final int DATA_BASE = 56;
    private static final int DATA_SIZE = DATA_BASE + 8;
    private static final int MESSAGE = 72;
    private static final int MESSAGE_LEVEL = MESSAGE + 8;
    private static final int MESSAGE_TYPE = MESSAGE + 12;
    private static final int MESSAGE_VALUE = MESSAGE + 16;
    private static final int MESSAGE_END = MESSAGE + 24; // sizes are rounded up to eight
    private static final int SOURCE = MESSAGE_END;

    private static final int MESSAGE_HEADER_BYTES = MESSAGE_VALUE - MESSAGE;

    private final NativeMemory memory = new NativeMemory(SOURCE + SocketAddresses.MAX_BYTES);
    private final ByteBuffer bytes = memory.bytes();

    MessageHeader() {
        bytes.putLong(VECTORS, memory.address() + DATA_BASE).putLong(VECTOR_COUNT, 1);
    }

    long address() {
        return memory.address();
    }

    /** The datagrams to send. */
    void data(long base, long size) {
        bytes.putLong(DATA_BASE, base).putLong(DATA_SIZE, size);
    }

    /** Where to send; nowhere with a size of 0: the socket knows. */
    void destination(long name, int sizeBytes) {
        bytes.putLong(NAME, name).putInt(NAME_SIZE, sizeBytes);
    }

    /** Size of the datagrams that the data is to be cut into; 0: the data is one. */
    void segmentBytes(int size) {
        if (size == 0) {
            bytes.putLong(CONTROL, 0).putLong(CONTROL_SIZE, 0);
            return;
        }
        bytes.putLong(CONTROL, memory.address() + MESSAGE).putLong(CONTROL_SIZE, MESSAGE_END - MESSAGE);
        bytes.putLong(MESSAGE, MESSAGE_HEADER_BYTES + Short.BYTES)
                .putInt(MESSAGE_LEVEL, SocketOptions.SOL_UDP)
                .putInt(MESSAGE_TYPE, SocketOptions.UDP_SEGMENT)
                .putShort(MESSAGE_VALUE, (short) size);
    }

    /** Where to put what is received. The kernel writes over what it was told before, so this comes before each call. */
    void room(long base, long size) {
        data(base, size);
        bytes.putLong(NAME, memory.address() + SOURCE).putInt(NAME_SIZE, SocketAddresses.MAX_BYTES);
        bytes.putLong(CONTROL, memory.address() + MESSAGE).putLong(CONTROL_SIZE, MESSAGE_END - MESSAGE);
        bytes.putInt(FLAGS, 0);
    }

    /** Size of the datagrams that were received together; 0: there was one. */
    int receivedSegmentBytes() {
        boolean told = bytes.getLong(CONTROL_SIZE) >= MESSAGE_HEADER_BYTES + Integer.BYTES
                && bytes.getInt(MESSAGE_LEVEL) == SocketOptions.SOL_UDP
                && bytes.getInt(MESSAGE_TYPE) == SocketOptions.UDP_GRO;
        return told ? bytes.getInt(MESSAGE_VALUE) : 0;
    }

    /** Holds the address received from, at {@link #sourceOffset}. */
    ByteBuffer bytes() {
        return bytes;
    }

    static int sourceOffset() {
        return SOURCE;
    }
}
