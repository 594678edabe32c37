package io.bindlink.core.io;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of a SOCKS5 handshake that asks for a UDP relay or a connection (RFC 1928 sections 3, 4 and 6; RFC
 * 1929).
 *
 * <pre>
 * greeting  5 | count | methods          -> 5 | method
 * login     1 | n | user | n | password  -> version | status           only when method 2 was chosen
 * request   5 | command | 0 | type | address | port -> 5 | reply | 0 | type | address | port
 * </pre>
 *
 * <p>Confined to its dialer.
 */
final class Socks5Handshake implements ProxyHandshake {
    static final int TYPE_IPV4 = 1;
    static final int TYPE_NAME = 3;
    static final int TYPE_IPV6 = 4;

    private static final int VERSION = 5;
    private static final int LOGIN_VERSION = 1;
    private static final int METHOD_NONE = 0;
    private static final int METHOD_LOGIN = 2;
    private static final int METHOD_REFUSED = 0xFF;
    private static final int CONNECT = 1;
    private static final int UDP_ASSOCIATE = 3;
    private static final int REPLY_HEAD_BYTES = 5; // up to the first byte of the address, which may be its length
    private static final int MAX_REPLY_BYTES = 4 + 1 + 255 + 2;

    private enum State {
        METHOD,
        LOGIN,
        REPLY,
        DONE,
        FAILED
    }

    private final int command;
    private final InetSocketAddress address;
    private final @Nullable Credentials credentials;
    private final byte[] message = new byte[MAX_REPLY_BYTES];
    private int length;
    private State state = State.METHOD;
    private byte @Nullable [] output;
    private String failure = "";
    private LinkFailure kind = LinkFailure.OTHER;
    private boolean refused;
    private boolean requestFailed;

    /**
     * A handshake for a UDP relay that has its greeting ready.
     *
     * @param source where the client will send from; the unspecified address and port 0 when it does not tell. Not the
     *     target: some servers relay nothing then
     * @param credentials null: offer no authentication alone
     */
    Socks5Handshake(InetSocketAddress source, @Nullable Credentials credentials) {
        this(UDP_ASSOCIATE, source, credentials);
    }

    /**
     * A handshake for a connection.
     *
     * @param target where to; if it is not resolved, the proxy looks its name up
     * @param credentials null: offer no authentication alone
     */
    static Socks5Handshake connect(InetSocketAddress target, @Nullable Credentials credentials) {
        return new Socks5Handshake(CONNECT, target, credentials);
    }

    private Socks5Handshake(int command, InetSocketAddress address, @Nullable Credentials credentials) {
        this.command = command;
        this.address = address;
        this.credentials = credentials;
        // Never the login alone: servers without any refuse that
        this.output = credentials == null
                ? new byte[] {VERSION, 1, METHOD_NONE}
                : new byte[] {VERSION, 2, METHOD_NONE, METHOD_LOGIN};
    }

    @Override
    public void handleInput(ByteBuffer in) {
        while (in.hasRemaining() && !isOver()) {
            message[length++] = in.get();
            handleByte();
        }
    }

    @Override
    public void handleEnd() {
        if (!isOver()) {
            requestFailed = state == State.REPLY;
            refused = requestFailed;
            fail("closed the connection during the SOCKS handshake");
        }
    }

    @Override
    public byte @Nullable [] pollOutput() {
        byte[] next = output;
        output = null;
        return next;
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

    /** Whether the request was turned down in a way that another source address in it may mend. */
    boolean refusedRequest() {
        return refused;
    }

    /** Whether the proxy let us in and turned down what it was asked for. */
    boolean failedRequest() {
        return requestFailed;
    }

    /** The relay's address when it was given as one; null when it was given as a name. */
    @Nullable
    InetAddress relayAddress() {
        if (message[3] == TYPE_NAME) {
            return null;
        }
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(message, 4, length - 2));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("address of " + (length - 6) + " bytes", e);
        }
    }

    /** The relay's address when it was given as a name: a name or, with some servers, a literal; else empty. */
    String relayName() {
        return message[3] == TYPE_NAME
                ? new String(message, REPLY_HEAD_BYTES, length - 2 - REPLY_HEAD_BYTES, StandardCharsets.ISO_8859_1)
                : "";
    }

    /** The relay's port, 0..65,535. */
    int relayPort() {
        return Byte.toUnsignedInt(message[length - 2]) << 8 | Byte.toUnsignedInt(message[length - 1]);
    }

    private void handleByte() {
        switch (state) {
            case METHOD -> handleMethod();
            case LOGIN -> handleLogin();
            case REPLY -> handleReply();
            default -> throw new IllegalStateException("input in state " + state);
        }
    }

    private void handleMethod() {
        if (!speaksSocks() || length < 2) {
            return;
        }
        int method = Byte.toUnsignedInt(message[1]);
        if (method == METHOD_NONE) {
            request();
        } else if (method == METHOD_LOGIN && credentials != null) {
            login(credentials);
        } else if (method == METHOD_REFUSED || method == METHOD_LOGIN) {
            kind = LinkFailure.AUTH;
            fail(
                    credentials == null
                            ? "wants a user name and a password (SOCKS method " + method + ")"
                            : "takes neither our user name nor none at all (SOCKS method " + method + ")");
        } else {
            fail("chose an authentication that was not offered (SOCKS method " + method + ")");
        }
    }

    private void login(Credentials credentials) {
        byte[] user = credentials.user().getBytes(StandardCharsets.UTF_8);
        byte[] password = credentials.password().getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(LOGIN_VERSION);
        bytes.write(user.length);
        bytes.writeBytes(user);
        bytes.write(password.length);
        bytes.writeBytes(password);
        next(State.LOGIN, bytes.toByteArray());
    }

    private void handleLogin() {
        if (length < 2) {
            return;
        }
        // The first byte should be 1; servers that answer 5 are let pass, since only the status matters
        int status = Byte.toUnsignedInt(message[1]);
        if (status == 0) {
            request();
        } else {
            kind = LinkFailure.AUTH;
            fail("refused the user name or the password (status " + status + ")");
        }
    }

    private void request() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(VERSION);
        bytes.write(command);
        bytes.write(0);
        if (address.isUnresolved()) {
            byte[] name = address.getHostString().getBytes(StandardCharsets.ISO_8859_1);
            bytes.write(TYPE_NAME);
            bytes.write(name.length);
            bytes.writeBytes(name);
        } else {
            byte[] literal = address.getAddress().getAddress();
            bytes.write(literal.length == 4 ? TYPE_IPV4 : TYPE_IPV6);
            bytes.writeBytes(literal);
        }
        bytes.write(address.getPort() >>> 8);
        bytes.write(address.getPort());
        next(State.REPLY, bytes.toByteArray());
    }

    private void handleReply() {
        if (!speaksSocks() || length < 2) {
            return;
        }
        int reply = Byte.toUnsignedInt(message[1]);
        if (reply != 0) { // some servers send nothing more then
            requestFailed = true;
            refused = Socks5Reply.mayDependOnSource(reply);
            kind = command == CONNECT ? Socks5Reply.connectKind(reply) : Socks5Reply.kind(reply);
            fail(command == CONNECT ? Socks5Reply.connectText(reply) : Socks5Reply.text(reply));
        } else if (length >= REPLY_HEAD_BYTES) {
            handleAddress();
        }
    }

    private void handleAddress() {
        int type = Byte.toUnsignedInt(message[3]);
        int size = switch (type) {
            case TYPE_IPV4 -> 4;
            case TYPE_IPV6 -> 16;
            case TYPE_NAME -> 1 + Byte.toUnsignedInt(message[4]);
            default -> 0;
        };
        if (size == 0) {
            fail("sent a reply that makes no sense (address type " + type + ")");
        } else if (length == 4 + size + 2) {
            state = State.DONE;
        }
    }

    private boolean speaksSocks() {
        if (message[0] != VERSION) {
            fail("does not speak SOCKS5 (its first byte is " + Byte.toUnsignedInt(message[0]) + ")");
            return false;
        }
        return true;
    }

    private void next(State next, byte[] bytes) {
        state = next;
        length = 0;
        output = bytes;
    }

    private void fail(String why) {
        state = State.FAILED;
        output = null;
        failure = why;
    }
}
