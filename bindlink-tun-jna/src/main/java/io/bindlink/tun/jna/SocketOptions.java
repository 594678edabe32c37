package io.bindlink.tun.jna;

import java.util.OptionalInt;

/** Reads and sets a socket's options. Confined to one thread. */
final class SocketOptions {
    static final int SOL_SOCKET = 1;
    static final int SO_REUSEADDR = 2;
    static final int SO_BINDTODEVICE = 25;
    static final int SO_RCVBUFFORCE = 33;
    static final int SO_DOMAIN = 39;

    static final int IPPROTO_IP = 0;
    static final int IP_MTU_DISCOVER = 10;
    static final int IPPROTO_IPV6 = 41;
    static final int IPV6_MTU_DISCOVER = 23;

    /** Never fragment, here or on the way, and ignore what routers told before: who probes wants to know for himself. */
    static final int PMTUDISC_PROBE = 3;

    static final int SOL_UDP = 17;
    static final int UDP_SEGMENT = 103;
    static final int UDP_GRO = 104;

    private final NativeMemory value = new NativeMemory(Integer.BYTES);
    private final NativeMemory size = new NativeMemory(Integer.BYTES);

    /** A number; empty when it cannot be read, as of a descriptor that is no socket. */
    OptionalInt get(int descriptor, int level, int option) {
        size.bytes().putInt(0, Integer.BYTES);
        boolean read = Libc.getsockopt(descriptor, level, option, value.address(), size.address()) == 0;
        return read ? OptionalInt.of(value.bytes().getInt(0)) : OptionalInt.empty();
    }

    /** Sets a number. Answers 0 or an error number, as the following does. */
    int set(int descriptor, int level, int option, int number) {
        value.bytes().putInt(0, number);
        return set(descriptor, level, option, value);
    }

    /** Sets a text. */
    int set(int descriptor, int level, int option, String text) {
        NativeMemory bytes = NativeMemory.ofText(text);
        return set(descriptor, level, option, bytes);
    }

    private static int set(int descriptor, int level, int option, NativeMemory given) {
        boolean done = Libc.setsockopt(descriptor, level, option, given.address(), given.sizeBytes()) == 0;
        return done ? 0 : Libc.errno();
    }
}
