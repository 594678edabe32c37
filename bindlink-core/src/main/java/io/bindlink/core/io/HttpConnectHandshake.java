package io.bindlink.core.io;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of HTTP's CONNECT (RFC 9110 section 9.3.6), with the Basic scheme where there are credentials (RFC
 * 7617). The answer's status counts; its header fields are skipped, up to 8 KiB of them.
 *
 * <p>Confined to its dialer.
 */
final class HttpConnectHandshake implements ProxyHandshake {
    private static final int MAX_HEAD_BYTES = 8192; // as much as servers usually take themselves
    private static final int SHOWN_CHARACTERS = 60;

    private enum State {
        STATUS_LINE,
        FIELDS,
        DONE,
        FAILED
    }

    private final boolean withCredentials;
    private final StringBuilder line = new StringBuilder();
    private State state = State.STATUS_LINE;
    private byte @Nullable [] output;
    private int headBytes;
    private int status;
    private String statusLine = "";
    private String failure = "";
    private LinkFailure kind = LinkFailure.OTHER;

    /**
     * A handshake that has its request ready.
     *
     * @param target where the proxy is to connect to
     * @param credentials null: none
     */
    HttpConnectHandshake(HostPort target, @Nullable Credentials credentials) {
        withCredentials = credentials != null;
        StringBuilder request = new StringBuilder(256);
        request.append("CONNECT ")
                .append(target)
                .append(" HTTP/1.1\r\nHost: ")
                .append(target)
                .append("\r\n");
        if (credentials != null) {
            byte[] pair = (credentials.user() + ":" + credentials.password()).getBytes(StandardCharsets.UTF_8);
            request.append("Proxy-Authorization: Basic ")
                    .append(Base64.getEncoder().encodeToString(pair))
                    .append("\r\n");
        }
        output = request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public byte @Nullable [] pollOutput() {
        byte[] next = output;
        output = null;
        return next;
    }

    @Override
    public void handleInput(ByteBuffer in) {
        while (in.hasRemaining() && !isOver()) {
            handleByte((char) Byte.toUnsignedInt(in.get()));
        }
    }

    private void handleByte(char next) {
        if (++headBytes > MAX_HEAD_BYTES) {
            fail("sent an answer without end to CONNECT");
        } else if (next == '\n') {
            String ended = line.toString();
            line.setLength(0);
            handleLine(ended.endsWith("\r") ? ended.substring(0, ended.length() - 1) : ended);
        } else {
            line.append(next);
            refuseWhatIsNotHttp();
        }
    }

    /** Without waiting for a line's end that may never come. */
    private void refuseWhatIsNotHttp() {
        int shown = Math.min(line.length(), "HTTP/1.".length());
        if (state == State.STATUS_LINE && !"HTTP/1.".startsWith(line.substring(0, shown))) {
            fail("does not speak HTTP (its first byte is " + (int) line.charAt(0) + ")");
        }
    }

    private void handleLine(String ended) {
        if (state == State.STATUS_LINE) {
            handleStatusLine(ended);
        } else if (ended.isEmpty()) {
            handleHeadEnd();
        }
    }

    private void handleStatusLine(String text) {
        if (!text.matches("HTTP/1\\.[0-9] [1-9][0-9]{2}( .*)?")) {
            fail("sent an answer to CONNECT that makes no sense");
            return;
        }
        status = Integer.parseInt(text.substring(9, 12));
        statusLine = text.substring(9);
        state = State.FIELDS;
    }

    private void handleHeadEnd() {
        if (status < 200) { // informational: the answer itself follows
            state = State.STATUS_LINE;
        } else if (status < 300) {
            state = State.DONE;
        } else if (status == 407) {
            kind = LinkFailure.AUTH;
            fail(
                    withCredentials
                            ? "refused the user name or the password (HTTP status 407)"
                            : "wants a user name and a password (HTTP status 407)");
        } else {
            kind = kind(status);
            fail("did not connect (HTTP status " + printable(statusLine) + ")");
        }
    }

    private static LinkFailure kind(int status) {
        return switch (status) {
            case 403, 405, 502, 503 -> LinkFailure.REFUSED; // by its rules, or by whom it asked
            case 504 -> LinkFailure.TIMEOUT;
            default -> LinkFailure.OTHER;
        };
    }

    /** What a stranger wrote, on one line and without anything a terminal would act upon. */
    private static String printable(String text) {
        String shown = text.length() > SHOWN_CHARACTERS ? text.substring(0, SHOWN_CHARACTERS) : text;
        return shown.replaceAll("[^ -~]", "?").strip();
    }

    @Override
    public void handleEnd() {
        if (!isOver()) {
            fail("closed the connection instead of answering CONNECT");
        }
    }

    @Override
    public boolean isOver() {
        return state == State.DONE || state == State.FAILED;
    }

    @Override
    public boolean isDone() {
        return state == State.DONE;
    }

    @Override
    public String failure() {
        return failure;
    }

    @Override
    public LinkFailure failureKind() {
        return kind;
    }

    private void fail(String why) {
        state = State.FAILED;
        output = null;
        failure = why;
    }
}
