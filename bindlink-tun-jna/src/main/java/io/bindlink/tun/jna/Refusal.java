package io.bindlink.tun.jna;

import java.io.IOException;

/** Says on one line what the system would not do and what helps. Immutable. */
final class Refusal {
    private static final String WITHOUT = "--tun tcp needs no tun device";

    private Refusal() {}

    /** The tun's own file could not be opened. */
    static IOException ofDevice(String path, int errno) {
        return switch (errno) {
            case Libc.ENOENT, Libc.ENODEV, Libc.ENXIO ->
                new IOException("there is no " + path
                        + "; load the kernel's module 'tun', or give it to the container (--device " + path + "); "
                        + WITHOUT);
            case Libc.EACCES, Libc.EPERM ->
                new IOException("no permission to open " + path
                        + "; run as root, or with CAP_NET_ADMIN where all may open it (mode 0666); " + WITHOUT);
            default -> of(path, errno);
        };
    }

    /** The tun could not be attached to an interface. */
    static IOException ofInterface(String name, int errno) {
        return switch (errno) {
            case Libc.EPERM, Libc.EACCES -> missingCapability();
            case Libc.EBUSY ->
                new IOException("interface '" + name + "' is in use by another process; choose another name");
            case Libc.EINVAL, Libc.EEXIST ->
                new IOException("interface '" + name + "' exists and is not a plain tun; choose another name");
            default -> of("interface '" + name + "'", errno);
        };
    }

    /** An address could not be added. */
    static IOException ofAddress(InterfaceAddress address, int errno) {
        if (errno == Libc.EPERM) {
            return missingCapability();
        }
        if (address.isIpv6() && (errno == Libc.EACCES || errno == Libc.EOPNOTSUPP)) {
            return new IOException(
                    "IPv6 is switched off on this system (sysctl net.ipv6.conf.default.disable_ipv6), so " + address
                            + " cannot be set; allow it, or leave this address out");
        }
        return of("address " + address, errno);
    }

    /** An interface could not be configured. */
    static IOException ofSetting(String what, int errno) {
        return errno == Libc.EPERM ? missingCapability() : of(what, errno);
    }

    /** Anything else the system refused, in its own words. */
    static IOException of(String what, int errno) {
        return new IOException(what + ": " + Libc.strerror(errno));
    }

    private static IOException missingCapability() {
        return new IOException("CAP_NET_ADMIN is missing; run as root or grant it; " + WITHOUT);
    }
}
