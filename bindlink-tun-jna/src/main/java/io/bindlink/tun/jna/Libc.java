package io.bindlink.tun.jna;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.Optional;

/**
 * The C library's functions, each exactly as {@code man 2} describes it: -1 is a failure and {@link #errno} says which.
 * A pointer is the address of a {@link NativeMemory}, which must be held while the call runs.
 *
 * <p>The constants are those of the architectures that {@link JnaTunDeviceProvider} supports; on others some differ.
 * Thread-safe.
 */
final class Libc {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int ENXIO = 6;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int EEXIST = 17;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int EMSGSIZE = 90;
    static final int ENOPROTOOPT = 92;
    static final int EOPNOTSUPP = 95;
    static final int ENOBUFS = 105;
    static final int ECONNREFUSED = 111;

    static final int O_RDWR = 2;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x8_0000; // a program that an embedding application starts must not keep the tun alive

    static final short POLLIN = 1;

    static final int F_DUPFD_CLOEXEC = 1030;

    static final int MSG_DONTWAIT = 0x40;

    private static final Optional<String> FAILURE = load();

    private Libc() {}

    private static Optional<String> load() {
        try {
            Native.register(Libc.class, NativeLibrary.getProcess());
            return Optional.empty();
        } catch (LinkageError | RuntimeException e) {
            return Optional.of(
                    String.valueOf(e.getMessage()).strip().lines().findFirst().orElse(e.toString()));
        }
    }

    /** Why none of the functions can be called, on one line; empty when they can. */
    static Optional<String> failure() {
        return FAILURE;
    }

    /** The calling thread's last failure. */
    static int errno() {
        return Native.getLastError();
    }

    static native int open(long path, int flags);

    static native int close(int descriptor);

    static native long read(int descriptor, long buffer, long size);

    static native long write(int descriptor, long buffer, long size);

    static native int ioctl(int descriptor, long request, long argument);

    static native int poll(long descriptors, long count, int timeoutMillis);

    static native int eventfd(int value, int flags);

    static native int fcntl(int descriptor, int command, long argument);

    static native int socket(int family, int type, int protocol);

    static native int getsockopt(int descriptor, int level, int option, long value, long size);

    static native int setsockopt(int descriptor, int level, int option, long value, int size);

    static native long sendmsg(int descriptor, long header, int flags);

    static native long recvmsg(int descriptor, long header, int flags);

    /** The text for an error number. */
    static native String strerror(int errno);
}
