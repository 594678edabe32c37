package io.bindlink.cli.systemd;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The datagram socket at which systemd listens, as {@code man 3 sd_notify} describes it. The JDK's Unix domain sockets are
 * for streams alone, so this one is reached through JNA, which is here for the tun device anyway. What cannot be sent is lost:
 * the node does not live for its service manager. Immutable.
 *
 * @param address a path, or an abstract name that begins with {@code @}
 */
record NotifySocket(String address) {
    private static final int AF_UNIX = 1; // sys/socket.h, Linux
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int FAMILY_BYTES = 2;
    private static final int MAX_PATH_BYTES = 108; // sys/un.h

    /** Sends assignments, one a line. */
    void send(String assignments) {
        byte[] name = address.getBytes(StandardCharsets.UTF_8);
        if (name.length >= MAX_PATH_BYTES) {
            return;
        }
        NativeLibrary libc = NativeLibrary.getProcess();
        Function socket = libc.getFunction("socket");
        int descriptor = socket.invokeInt(new Object[] {AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0});
        if (descriptor < 0) {
            return;
        }
        try {
            byte[] text = assignments.getBytes(StandardCharsets.UTF_8);
            byte[] to = socketAddress(name);
            libc.getFunction("sendto").invokeInt(new Object[] {descriptor, text, (long) text.length, 0, to, to.length});
        } finally {
            libc.getFunction("close").invokeInt(new Object[] {descriptor});
        }
    }

    /** {@code struct sockaddr_un}: the family in the machine's order, then the name; an abstract one begins with a zero. */
    private static byte[] socketAddress(byte[] name) {
        boolean abstractName = name[0] == '@';
        byte[] to = new byte[FAMILY_BYTES + name.length + (abstractName ? 0 : 1)];
        boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        to[little ? 0 : 1] = AF_UNIX;
        System.arraycopy(name, 0, to, FAMILY_BYTES, name.length);
        if (abstractName) {
            to[FAMILY_BYTES] = 0;
        }
        return to;
    }
}
