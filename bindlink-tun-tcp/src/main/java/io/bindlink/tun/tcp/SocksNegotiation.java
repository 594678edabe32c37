package io.bindlink.tun.tcp;

import io.bindlink.core.stream.ResetCode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of SOCKS5, RFC 1928, with user and password, RFC 1929, if they are asked for. CONNECT alone is known.
 *
 * <pre>
 * greeting   5 | n | n methods                     answer  5 | method
 * login      1 | n | user, n | m | password, m     answer  1 | 0: welcome
 * request    5 | command | 0 | kind | address | port 2
 *                        kind 1: IPv4, 3: length 1 and name, 4: IPv6
 * reply      5 | code | 0 | 1 | 0.0.0.0 | 0
 * </pre>
 *
 * Confined to its connection.
 */
final class SocksNegotiation implements Negotiation {
    static final int VERSION = 5;

    private static final int NO_LOGIN = 0;
    private static final int PASSWORD = 2;
    private static final int NO_METHOD = 0xFF;
    private static final int LOGIN_VERSION = 1;
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;
    private static final byte[] NOTHING = {};

    private final @Nullable Credentials credentials;
    private Expected expected = Expected.GREETING;

    private enum Expected {
        GREETING,
        LOGIN,
        REQUEST
    }

    SocksNegotiation(@Nullable Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public Step handle(ByteBuffer received) {
        return switch (expected) {
            case GREETING -> greeting(received);
            case LOGIN -> login(received);
            case REQUEST -> request(received);
        };
    }

    private Step greeting(ByteBuffer in) {
        int at = in.position();
        if (in.remaining() < 2 || in.remaining() < 2 + unsigned(in, at + 1)) {
            return MORE;
        }
        int count = unsigned(in, at + 1);
        int wanted = credentials == null ? NO_LOGIN : PASSWORD;
        boolean offered = false;
        for (int i = 0; i < count; i++) {
            offered |= unsigned(in, at + 2 + i) == wanted;
        }
        boolean version = unsigned(in, at) == VERSION;
        in.position(at + 2 + count);
        if (!version || !offered) {
            return new End(version ? new byte[] {VERSION, (byte) NO_METHOD} : NOTHING);
        }
        expected = credentials == null ? Expected.REQUEST : Expected.LOGIN;
        return new Say(new byte[] {VERSION, (byte) wanted});
    }

    private Step login(ByteBuffer in) {
        int at = in.position();
        if (in.remaining() < 2) {
            return MORE;
        }
        int userBytes = unsigned(in, at + 1);
        if (in.remaining() < 3 + userBytes) {
            return MORE;
        }
        int passwordBytes = unsigned(in, at + 2 + userBytes);
        if (in.remaining() < 3 + userBytes + passwordBytes) {
            return MORE;
        }
        byte[] user = bytes(in, at + 2, userBytes);
        byte[] password = bytes(in, at + 3 + userBytes, passwordBytes);
        boolean version = unsigned(in, at) == LOGIN_VERSION;
        in.position(at + 3 + userBytes + passwordBytes);
        if (!version || credentials == null || !credentials.admits(user, password)) {
            return new End(new byte[] {LOGIN_VERSION, 1});
        }
        expected = Expected.REQUEST;
        return new Say(new byte[] {LOGIN_VERSION, 0});
    }

    private Step request(ByteBuffer in) {
        int at = in.position();
        if (in.remaining() < 5) {
            return MORE;
        }
        int kind = unsigned(in, at + 3);
        int length = switch (kind) {
            case IPV4 -> 4;
            case IPV6 -> 16;
            case NAME -> 1 + unsigned(in, at + 4);
            default -> -1;
        };
        if (unsigned(in, at) != VERSION) {
            return new End(NOTHING);
        }
        if (length < 0) {
            return new End(reply(8)); // address type not supported
        }
        if (in.remaining() < 4 + length + 2) {
            return MORE;
        }
        byte[] address = bytes(in, at + 4, length);
        int port = Short.toUnsignedInt(in.getShort(at + 4 + length));
        in.position(at + 4 + length + 2);
        if (unsigned(in, at + 1) != CONNECT) {
            return new End(reply(7)); // command not supported
        }
        String host = kind == NAME ? new String(address, 1, length - 1, StandardCharsets.ISO_8859_1) : numeric(address);
        return Target.isHost(host) && port > 0 ? new Join(new Endpoint(host, port)) : new End(reply(1));
    }

    private static String numeric(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // it has four bytes or sixteen
        }
    }

    @Override
    public byte[] joined() {
        return reply(0);
    }

    @Override
    public byte[] failed(ResetCode why, String text) {
        return reply(
                switch (why) {
                    case NOT_ALLOWED -> 2;
                    case UNREACHABLE, NO_SUCH_HOST -> 4;
                    case CONNECTION_REFUSED -> 5;
                    case TIMED_OUT -> 6;
                    default -> 1;
                });
    }

    private static byte[] reply(int code) {
        return new byte[] {VERSION, (byte) code, 0, IPV4, 0, 0, 0, 0, 0, 0};
    }

    private static int unsigned(ByteBuffer in, int at) {
        return Byte.toUnsignedInt(in.get(at));
    }

    private static byte[] bytes(ByteBuffer in, int at, int length) {
        byte[] bytes = new byte[length];
        in.get(at, bytes);
        return bytes;
    }
}
