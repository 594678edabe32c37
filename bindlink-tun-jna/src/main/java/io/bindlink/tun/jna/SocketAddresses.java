package io.bindlink.tun.jna;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;

/**
 * Socket addresses as the kernel writes them, and the objects they belong to. Those used lately are kept, so that a
 * datagram to or from a known peer costs no allocation:
 *
 * <pre>
 * struct sockaddr_in    0  u16 family  be16 port  4 address                                          8 zero
 * struct sockaddr_in6   0  u16 family  be16 port  be32 flow  8 address 16                24 u32 scope
 * </pre>
 *
 * <p>Confined to one thread at a time.
 */
final class SocketAddresses {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    /** Room for either kind. */
    static final int MAX_BYTES = 32;

    private static final int PORT_OFFSET = 2;
    private static final int IPV4_OFFSET = 4;
    private static final int IPV4_BYTES = 16;
    private static final int IPV6_OFFSET = 8;
    private static final int SCOPE_OFFSET = 24;
    private static final int IPV6_BYTES = 28;
    private static final int MAPPED_OFFSET = IPV6_OFFSET + 10; // ::ffff:a.b.c.d, RFC 4291 section 2.5.5.2

    private static final int SLOTS = 64; // a power of two; more peers than that share

    private final boolean ipv6;
    private final NativeMemory memory = new NativeMemory(SLOTS * MAX_BYTES);
    private final @Nullable InetSocketAddress[] known = new InetSocketAddress[SLOTS];
    private final byte[] address = new byte[16];

    /**
     * Addresses of a socket.
     *
     * @param family {@link #AF_INET} or {@link #AF_INET6}; one of the latter takes both kinds
     */
    SocketAddresses(int family) {
        ipv6 = family == AF_INET6;
    }

    /** Bytes of each address. */
    int sizeBytes() {
        return ipv6 ? IPV6_BYTES : IPV4_BYTES;
    }

    /**
     * Where an address stands for the kernel.
     *
     * @return native address, valid until the next call
     * @throws UnsupportedAddressTypeException for one of IPv6 on a socket of IPv4
     */
    long write(InetSocketAddress remote) {
        int slot = slot(remote.hashCode());
        if (!remote.equals(known[slot])) {
            known[slot] = null;
            write(slot * MAX_BYTES, remote);
            known[slot] = remote;
        }
        return memory.address() + (long) slot * MAX_BYTES;
    }

    private void write(int at, InetSocketAddress remote) {
        ByteBuffer bytes = memory.bytes();
        for (int i = 0; i < MAX_BYTES; i += Long.BYTES) {
            bytes.putLong(at + i, 0);
        }
        InetAddress host = remote.getAddress();
        bytes.putShort(at, (short) (ipv6 ? AF_INET6 : AF_INET));
        bytes.put(at + PORT_OFFSET, (byte) (remote.getPort() >> 8)).put(at + PORT_OFFSET + 1, (byte) remote.getPort());
        if (!ipv6) {
            if (!(host instanceof Inet4Address)) {
                throw new UnsupportedAddressTypeException();
            }
            bytes.put(at + IPV4_OFFSET, host.getAddress());
        } else if (host instanceof Inet6Address six) {
            bytes.put(at + IPV6_OFFSET, six.getAddress()).putInt(at + SCOPE_OFFSET, six.getScopeId());
        } else {
            bytes.putShort(at + MAPPED_OFFSET, (short) -1).put(at + MAPPED_OFFSET + 2, host.getAddress());
        }
    }

    /**
     * The object for an address that the kernel wrote.
     *
     * @param from holds it
     * @param at where
     */
    InetSocketAddress read(ByteBuffer from, int at) throws IOException {
        int slot = slot(hash(from, at));
        InetSocketAddress found = known[slot];
        if (found == null || !isAt(slot * MAX_BYTES, from, at)) {
            found = parse(from, at);
            memory.bytes().put(slot * MAX_BYTES, from, at, sizeBytes());
            known[slot] = found;
        }
        return found;
    }

    /** Over all bytes but the flow label, which may differ from datagram to datagram. */
    private int hash(ByteBuffer from, int at) {
        int hash = from.getInt(at);
        if (!ipv6) {
            return hash * 31 + from.getInt(at + IPV4_OFFSET);
        }
        for (int i = IPV6_OFFSET; i < IPV6_BYTES; i += Integer.BYTES) {
            hash = hash * 31 + from.getInt(at + i);
        }
        return hash;
    }

    private boolean isAt(int kept, ByteBuffer from, int at) {
        ByteBuffer bytes = memory.bytes();
        if (bytes.getInt(kept) != from.getInt(at)) {
            return false;
        }
        if (!ipv6) {
            return bytes.getInt(kept + IPV4_OFFSET) == from.getInt(at + IPV4_OFFSET);
        }
        for (int i = IPV6_OFFSET; i < IPV6_BYTES; i += Integer.BYTES) {
            if (bytes.getInt(kept + i) != from.getInt(at + i)) {
                return false;
            }
        }
        return true;
    }

    private InetSocketAddress parse(ByteBuffer from, int at) throws UnknownHostException {
        int port = Byte.toUnsignedInt(from.get(at + PORT_OFFSET)) << 8
                | Byte.toUnsignedInt(from.get(at + PORT_OFFSET + 1));
        if (!ipv6) {
            byte[] four = new byte[4];
            from.get(at + IPV4_OFFSET, four);
            return new InetSocketAddress(InetAddress.getByAddress(four), port);
        }
        from.get(at + IPV6_OFFSET, address);
        InetAddress host = InetAddress.getByAddress(address); // of IPv4 when it is a mapped one
        int scope = from.getInt(at + SCOPE_OFFSET);
        return new InetSocketAddress(scope == 0 ? host : Inet6Address.getByAddress(null, address, scope), port);
    }

    private static int slot(int hash) {
        return (hash ^ hash >>> 16 ^ hash >>> 8) & (SLOTS - 1);
    }
}
