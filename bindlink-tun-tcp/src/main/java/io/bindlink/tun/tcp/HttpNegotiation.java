package io.bindlink.tun.tcp;

import io.bindlink.api.BindlinkException;
import io.bindlink.core.stream.ResetCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of HTTP's CONNECT, RFC 9110 section 9.3.6, with basic authentication, RFC 7617, if it is asked for.
 * Other methods are answered by 405: what is not encrypted end to end has no proxy here. Confined to its connection.
 */
final class HttpNegotiation implements Negotiation {
    private final @Nullable Credentials credentials;

    HttpNegotiation(@Nullable Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public Step handle(ByteBuffer received) {
        int length = headBytes(received);
        if (length < 0) {
            return received.remaining() < Door.BUFFER_BYTES ? MORE : end("431 Request Header Fields Too Large", "");
        }
        byte[] head = new byte[length];
        received.get(head);
        String[] lines = new String(head, StandardCharsets.ISO_8859_1).split("\r?\n", -1);
        String[] request = lines[0].split(" ", -1);
        if (request.length != 3 || !request[2].startsWith("HTTP/1.")) {
            return end("400 Bad Request", "");
        }
        if (!request[0].equals("CONNECT")) {
            return end("405 Method Not Allowed", "Allow: CONNECT\r\n");
        }
        if (credentials != null && !admits(credentials, lines)) {
            return end("407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"bindlink\"\r\n");
        }
        Endpoint target = target(request[1]);
        return target == null ? end("400 Bad Request", "") : new Join(target);
    }

    /** How long the head is, its empty line counted in; -1 when that has not come. */
    private static int headBytes(ByteBuffer in) {
        for (int i = in.position(); i + 1 < in.limit(); i++) {
            boolean ended = in.get(i) == '\n';
            if (ended && in.get(i + 1) == '\n') {
                return i + 2 - in.position();
            }
            if (ended && in.get(i + 1) == '\r' && i + 2 < in.limit() && in.get(i + 2) == '\n') {
                return i + 3 - in.position();
            }
        }
        return -1;
    }

    private static @Nullable Endpoint target(String authority) {
        try {
            Endpoint target = Endpoint.parse("target", authority);
            return Target.isHost(target.host()) ? target : null;
        } catch (BindlinkException e) {
            return null;
        }
    }

    private static boolean admits(Credentials credentials, String[] lines) {
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon < 0 || !line.substring(0, colon).toLowerCase(Locale.ROOT).equals("proxy-authorization")) {
                continue;
            }
            String[] words = line.substring(colon + 1).strip().split(" +", -1);
            return words.length == 2 && words[0].equalsIgnoreCase("basic") && admits(credentials, words[1]);
        }
        return false;
    }

    private static boolean admits(Credentials credentials, String encoded) {
        try {
            return credentials.admits(Base64.getDecoder().decode(encoded));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public byte[] joined() {
        return "HTTP/1.1 200 Connection Established\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public byte[] failed(ResetCode why, String text) {
        String status = switch (why) {
            case NOT_ALLOWED -> "403 Forbidden";
            case REFUSED, SESSION_ENDED -> "503 Service Unavailable";
            case TIMED_OUT -> "504 Gateway Timeout";
            default -> "502 Bad Gateway";
        };
        return answer(status, "", text);
    }

    private static Step end(String status, String field) {
        return new End(answer(status, field, status));
    }

    private static byte[] answer(String status, String field, String text) {
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + status + "\r\n" + field
                + "Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\nContent-Length: " + body.length
                + "\r\n\r\n";
        ByteBuffer out = ByteBuffer.allocate(head.length() + body.length);
        return out.put(head.getBytes(StandardCharsets.US_ASCII)).put(body).array();
    }
}
