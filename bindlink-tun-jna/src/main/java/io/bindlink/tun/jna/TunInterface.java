package io.bindlink.tun.jna;

import java.io.IOException;
import java.lang.ref.Reference;

/**
 * A tun that was just made and configured, and is up.
 *
 * <p>The interface lives while its descriptor is open, so that it is gone however the process ends; one that was there
 * before, made by {@code ip tuntap add}, is used and stays. Immutable.
 *
 * @param name what the kernel calls it
 * @param descriptor reads and writes packets, never blocking; its holder closes it
 * @param headerBytes size of the {@link VirtioHeader} before each packet, 0 when there is none
 * @param offload what the kernel can leave undone, as {@link InterfaceRequest#SET_OFFLOAD} takes it; 0 for nothing
 */
record TunInterface(String name, int descriptor, int headerBytes, int offload) {
    private static final String PATH = "/dev/net/tun";

    /**
     * Packets the kernel keeps until they are read, about what a fast flow sends during a pause for garbage collection:
     * 10 ms at 1 Gbit/s. They are read at once otherwise, so this is no place where a queue stands.
     */
    private static final int QUEUE_PACKETS = 1000;

    private static final int CHECKSUM = 0x01;
    private static final int TCP = 0x02 | 0x04 | 0x08; // over IPv4, over IPv6, with CWR
    private static final int UDP = 0x20 | 0x40; // over IPv4 and IPv6; since Linux 6.2
    private static final int[] OFFLOADS = {CHECKSUM | TCP | UDP, CHECKSUM | TCP}; // the best first

    static TunInterface open(TunSettings settings) throws IOException {
        int descriptor = openDevice();
        if (descriptor < 0) {
            throw Refusal.ofDevice(PATH, Libc.errno());
        }
        try {
            InterfaceRequest request = new InterfaceRequest(settings.name());
            int offload = attach(descriptor, request, settings);
            configure(request.name(), settings);
            int headerBytes = settings.offload() ? VirtioHeader.BYTES : 0;
            return new TunInterface(request.name(), descriptor, headerBytes, offload);
        } catch (IOException | RuntimeException e) {
            int unused = Libc.close(descriptor);
            throw e;
        }
    }

    /** Makes the interface; answers what the kernel may leave undone, and has it leave nothing undone for now. */
    private static int attach(int descriptor, InterfaceRequest request, TunSettings settings) throws IOException {
        short flags = InterfaceRequest.TUN_WITHOUT_HEADER;
        if (settings.offload()) {
            flags |= InterfaceRequest.TUN_WITH_VIRTIO;
        }
        if (Libc.ioctl(
                        descriptor,
                        InterfaceRequest.SET_TUN,
                        request.flags(flags).address())
                < 0) {
            throw Refusal.ofInterface(settings.name(), Libc.errno());
        }
        if (!settings.offload()) {
            return 0;
        }
        for (int offload : OFFLOADS) {
            if (Libc.ioctl(descriptor, InterfaceRequest.SET_OFFLOAD, offload) == 0) {
                int unused = Libc.ioctl(descriptor, InterfaceRequest.SET_OFFLOAD, 0);
                return offload;
            }
        }
        return 0;
    }

    private static int openDevice() {
        NativeMemory path = NativeMemory.ofText(PATH);
        try {
            return Libc.open(path.address(), Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        } finally {
            Reference.reachabilityFence(path); // nothing else keeps the memory during the call
        }
    }

    /** The order matters: IPv6 looks at the MTU when an address comes, and the kernel speaks as soon as it is up. */
    private static void configure(String name, TunSettings settings) throws IOException {
        try (RouteSocket routes = new RouteSocket()) {
            int index = routes.indexOf(new InterfaceRequest(name));
            int errno = routes.setSizes(index, settings.mtuBytes(), QUEUE_PACKETS);
            if (errno != 0) {
                throw Refusal.ofSetting("MTU " + settings.mtuBytes() + " of interface '" + name + "'", errno);
            }
            for (InterfaceAddress address : settings.addresses()) {
                errno = routes.addAddress(index, address);
                if (errno != 0) {
                    throw Refusal.ofAddress(address, errno);
                }
            }
            errno = routes.bringUp(index);
            if (errno != 0) {
                throw Refusal.ofSetting("interface '" + name + "' cannot be brought up", errno);
            }
        }
    }
}
