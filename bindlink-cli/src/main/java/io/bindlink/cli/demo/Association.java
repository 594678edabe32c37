package io.bindlink.cli.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One client of a phone: its control connection and the two UDP sockets between which datagrams are relayed, RFC 1928
 * sections 3, 4, 6 and 7. It ends with its control connection. Confined to the thread of its {@link Air}.
 */
final class Association {
    private static final int VERSION = 5;
    private static final int UDP_ASSOCIATE = 3;
    private static final int NO_AUTHENTICATION = 0;
    private static final int NO_ACCEPTABLE_METHOD = 0xFF;
    private static final int SUCCEEDED = 0;
    private static final int COMMAND_NOT_SUPPORTED = 7;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;
    private static final int DATAGRAMS_AT_ONCE = 64; // then the other sockets have their turn

    private final int number;
    private final SocketChannel control;
    private final Selector selector;
    private final Phone.Ways ways;
    private final ByteBuffer request = ByteBuffer.allocate(600); // longer than any message of a client
    private final ByteBuffer datagram = ByteBuffer.allocate(65_535);
    private boolean methodChosen;
    private @Nullable DatagramChannel clientSide;
    private @Nullable DatagramChannel targetSide;
    private @Nullable SocketAddress client;
    private @Nullable InetSocketAddress target;

    Association(int number, SocketChannel control, Selector selector, Phone.Ways ways) throws IOException {
        this.number = number;
        this.control = control;
        this.selector = selector;
        this.ways = ways;
        control.register(selector, SelectionKey.OP_READ, (ReadyHandler) this::readControl);
    }

    void close() throws IOException {
        ways.ended(number);
        control.close();
        if (clientSide != null) {
            clientSide.close();
        }
        if (targetSide != null) {
            targetSide.close();
        }
    }

    /** Sends a datagram that came through the air on to where the client wants it. */
    void sendToTarget(ByteBuffer payload) throws IOException {
        if (targetSide != null && target != null) {
            try {
                targetSide.send(payload, target);
            } catch (IOException e) {
                // no route at the moment: lost like anything else in the air
            }
        }
    }

    /** Sends a datagram that came through the air to the client, with the header of RFC 1928 section 7. */
    void sendToClient(ByteBuffer payload) throws IOException {
        if (clientSide != null && client != null && target != null) {
            byte[] address = target.getAddress().getAddress();
            datagram.clear().putShort((short) 0).put((byte) 0).put((byte) (address.length == 4 ? IPV4 : IPV6));
            datagram.put(address)
                    .putShort((short) target.getPort())
                    .put(payload)
                    .flip();
            clientSide.send(datagram, client);
        }
    }

    // ---- control connection ----

    private void readControl() throws IOException {
        int read;
        try {
            read = control.read(request);
        } catch (IOException e) {
            read = -1; // reset by the client
        }
        if (read < 0 || !request.hasRemaining()) {
            close();
            return;
        }
        request.flip();
        boolean open = methodChosen || chooseMethod();
        if (open && methodChosen) {
            answerRequest();
        }
        if (control.isOpen()) {
            request.compact();
        }
    }

    /** Answers the client's list of methods once it is whole; returns false when it is not. */
    private boolean chooseMethod() throws IOException {
        if (request.remaining() < 2 || request.remaining() < 2 + Byte.toUnsignedInt(request.get(1))) {
            return false;
        }
        boolean offered = false;
        int version = request.get();
        for (int left = Byte.toUnsignedInt(request.get()); left > 0; left--) {
            offered |= request.get() == NO_AUTHENTICATION;
        }
        if (version != VERSION || !offered) {
            reply(VERSION, NO_ACCEPTABLE_METHOD);
            close();
            return false;
        }
        reply(VERSION, NO_AUTHENTICATION);
        methodChosen = true;
        return true;
    }

    private void answerRequest() throws IOException {
        if (clientSide != null || request.remaining() < 5) {
            return;
        }
        int start = request.position();
        if (request.remaining() < 4 + addressBytes(start + 3)) {
            return;
        }
        int command = request.get(start + 1);
        request.position(start + 4 + addressBytes(start + 3));
        if (command != UDP_ASSOCIATE) {
            reply(VERSION, COMMAND_NOT_SUPPORTED, 0, IPV4, 0, 0, 0, 0, 0, 0);
            close();
            return;
        }
        InetAddress inside = ((InetSocketAddress) control.getLocalAddress()).getAddress();
        InetAddress anywhere = InetAddress.getByAddress(new byte[4]);
        clientSide = relay(inside, this::relayFromClient);
        targetSide = relay(inside.isLoopbackAddress() ? inside : anywhere, this::relayFromTarget);
        InetSocketAddress bound = (InetSocketAddress) clientSide.getLocalAddress();
        byte[] a = inside.getAddress();
        reply(VERSION, SUCCEEDED, 0, IPV4, a[0], a[1], a[2], a[3], bound.getPort() >>> 8, bound.getPort());
    }

    /** Bytes that address and port take, given the place of the address type. */
    private int addressBytes(int typeIndex) {
        return switch (request.get(typeIndex)) {
            case IPV4 -> 4 + 2;
            case IPV6 -> 16 + 2;
            default -> 1 + Byte.toUnsignedInt(request.get(typeIndex + 1)) + 2;
        };
    }

    private void reply(int... bytes) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(bytes.length);
        for (int b : bytes) {
            out.put((byte) b);
        }
        try {
            control.write(out.flip()); // a few bytes into an empty buffer: all or the connection is gone
        } catch (IOException e) {
            close();
        }
    }

    // ---- datagrams ----

    private DatagramChannel relay(InetAddress address, ReadyHandler handler) throws IOException {
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        channel.bind(new InetSocketAddress(address, 0));
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20); // the air shall drop, not the emulator
        channel.register(selector, SelectionKey.OP_READ, handler);
        return channel;
    }

    private void relayFromClient() throws IOException {
        for (int i = 0; i < DATAGRAMS_AT_ONCE && clientSide != null; i++) {
            SocketAddress source = clientSide.receive(datagram.clear());
            if (source == null) {
                return;
            }
            client = client == null ? source : client;
            datagram.flip();
            if (source.equals(client) && readHeader()) {
                launch(true);
            }
        }
    }

    private void relayFromTarget() throws IOException {
        for (int i = 0; i < DATAGRAMS_AT_ONCE && targetSide != null; i++) {
            SocketAddress source = targetSide.receive(datagram.clear());
            if (source == null) {
                return;
            }
            datagram.flip();
            if (source.equals(target)) { // a mobile network lets no strangers in
                launch(false);
            }
        }
    }

    private void launch(boolean up) {
        byte[] frame = new byte[Integer.BYTES + datagram.remaining()];
        ByteBuffer.wrap(frame).putInt(number).put(datagram);
        if (up) {
            ways.up(frame, frame.length);
        } else {
            ways.down(frame, frame.length);
        }
    }

    /** Takes the header off a client's datagram and keeps its target; returns false when the datagram is to be dropped. */
    private boolean readHeader() {
        if (datagram.remaining() < 8 || datagram.getShort() != 0 || datagram.get() != 0) {
            return false; // RFC 1928 section 7: no fragments here
        }
        int type = datagram.get();
        int length = type == IPV4 ? 4 : type == IPV6 ? 16 : type == NAME ? Byte.toUnsignedInt(datagram.get()) : -1;
        if (length < 0 || datagram.remaining() < length + 2) {
            return false;
        }
        byte[] address = new byte[length];
        datagram.get(address);
        try {
            InetAddress host = type == NAME
                    ? InetAddress.getByName(new String(address, StandardCharsets.US_ASCII))
                    : InetAddress.getByAddress(address);
            target = new InetSocketAddress(host, Short.toUnsignedInt(datagram.getShort()));
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
