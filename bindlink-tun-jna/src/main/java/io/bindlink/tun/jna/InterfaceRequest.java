package io.bindlink.tun.jna;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What {@code ioctl} takes to speak of an interface, {@code struct ifreq}: 16 bytes of name, of which the last is zero,
 * and 24 whose meaning depends on the request. Confined to one thread.
 *
 * <pre>
 *  0  name, padded with zeros
 * 16  i16 flags, or i32 index, according to the request
 * </pre>
 */
final class InterfaceRequest {
    /** Attaches a tun to an interface, which is made if there is none of that name. */
    static final long SET_TUN = 0x4004_54caL;

    /** Says what work on packets the reader and writer of a tun takes over; its argument is no request. */
    static final long SET_OFFLOAD = 0x4004_54d0L;

    /** Asks for an interface's number. */
    static final long GET_INDEX = 0x8933;

    /** Packets as they are, without the link layer and without four bytes in front that repeat the IP version. */
    static final short TUN_WITHOUT_HEADER = 0x0001 | 0x1000;

    /** A {@link VirtioHeader} before each packet. */
    static final short TUN_WITH_VIRTIO = 0x4000;

    private static final int NAME_BYTES = TunSettings.MAX_NAME_LENGTH + 1;
    private static final int VALUE_OFFSET = NAME_BYTES;
    private static final int VALUE_BYTES = 24;

    private final NativeMemory memory = new NativeMemory(NAME_BYTES + VALUE_BYTES);

    /** A request about an interface, its value zero. */
    InterfaceRequest(String name) {
        memory.bytes().put(0, name.getBytes(StandardCharsets.US_ASCII));
    }

    InterfaceRequest flags(short flags) {
        memory.bytes().putShort(VALUE_OFFSET, flags);
        return this;
    }

    /** The name as it was given, or as the kernel has completed it since. */
    String name() {
        ByteBuffer bytes = memory.bytes();
        byte[] name = new byte[NAME_BYTES];
        bytes.get(0, name);
        int length = 0;
        while (length < NAME_BYTES && name[length] != 0) {
            length++;
        }
        return new String(name, 0, length, StandardCharsets.US_ASCII);
    }

    int index() {
        return memory.bytes().getInt(VALUE_OFFSET);
    }

    long address() {
        return memory.address();
    }

    ByteBuffer bytes() {
        return memory.bytes();
    }
}
