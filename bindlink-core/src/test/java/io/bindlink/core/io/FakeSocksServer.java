package io.bindlink.core.io;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** A SOCKS5 server with UDP ASSOCIATE on loopback that can be made to misbehave in every way seen in the field. */
public final class FakeSocksServer implements AutoCloseable {
    private final ServerSocket server;
    private final List<Closeable> open = new CopyOnWriteArrayList<>();
    private final List<Socket> controls = new CopyOnWriteArrayList<>();
    private final BlockingQueue<byte[]> requests = new LinkedBlockingQueue<>();
    private final Map<InetSocketAddress, InetSocketAddress> clients = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** What it answers before any method; empty: it does its work. */
    volatile byte[] babble = {};

    /** Whether it closes the connection instead of answering anything. */
    volatile boolean closesAtOnce;

    /** The password it wants; empty: none. */
    volatile String password = "";

    /** Its reply's code to a request; 0: success. */
    volatile int reply;

    /** Its reply's code to a request that does not tell the client's address; 0: success. */
    volatile int replyToUntold;

    /** Type and address in its reply; empty: its own address. */
    volatile byte[] boundAddress = {};

    /** Whether it sends its answers byte by byte. */
    volatile boolean dribbles;

    /** Whether it closes the control connection after its reply and relays on. */
    volatile boolean dropsControl;

    /** Type, address and port in the headers of what comes back; empty: the sender's. */
    volatile byte[] returnAddress = {};

    /** The fragment number in the headers of what comes back. */
    volatile int fragment;

    /** Whether what comes back leaves from another port than the relay's. */
    volatile boolean answersFromElsewhere;

    /** Whether it relays nothing, and says nothing about it. */
    volatile boolean swallows;

    public FakeSocksServer() throws IOException {
        this(InetAddress.getByName("127.0.0.1"));
    }

    FakeSocksServer(InetAddress address) throws IOException {
        server = new ServerSocket(0, 50, address);
        background(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** From now on it closes control connections after its reply. */
    public void dropsControl() {
        dropsControl = true;
    }

    /** How many requests it got. */
    public int asked() {
        return requests.size();
    }

    /** The bytes of the requests it got, in order. */
    BlockingQueue<byte[]> requests() {
        return requests;
    }

    /** Ends all control connections, and the relays with them. */
    public void dropControls() throws IOException {
        for (Socket control : controls) {
            control.close();
        }
        controls.clear();
    }

    private void accept() throws Exception {
        while (true) {
            Socket control = server.accept();
            open.add(control);
            controls.add(control);
            background(() -> serve(control));
        }
    }

    private void serve(Socket control) throws Exception {
        DataInputStream in = new DataInputStream(control.getInputStream());
        OutputStream out = control.getOutputStream();
        if (closesAtOnce) {
            control.close();
            return;
        }
        in.readByte();
        byte[] methods = in.readNBytes(in.readUnsignedByte());
        if (babble.length > 0) {
            out.write(babble);
            return;
        }
        if (!logIn(in, out, methods)) {
            control.close();
            return;
        }
        byte[] head = in.readNBytes(4);
        byte[] request = Arrays.copyOf(head, 4 + (head[3] == 1 ? 4 : 16) + 2);
        in.readFully(request, 4, request.length - 4);
        requests.add(request);
        int code = reply != 0 ? reply : allZero(request) ? replyToUntold : 0;
        DatagramSocket relay = new DatagramSocket(0, control.getLocalAddress());
        open.add(relay);
        send(out, reply(code, relay));
        if (code != 0) {
            control.close();
            return;
        }
        background(() -> relay(relay));
        if (dropsControl) {
            control.close();
        } else {
            watch(in, relay);
        }
    }

    private boolean logIn(DataInputStream in, OutputStream out, byte[] methods) throws IOException {
        boolean login = !password.isEmpty();
        byte method = (byte) (login ? 2 : 0);
        boolean offered = false;
        for (byte each : methods) {
            offered |= each == method;
        }
        send(out, new byte[] {5, offered ? method : -1});
        if (!offered || !login) {
            return offered;
        }
        in.readByte();
        in.readNBytes(in.readUnsignedByte());
        boolean right = new String(in.readNBytes(in.readUnsignedByte())).equals(password);
        send(out, new byte[] {1, (byte) (right ? 0 : 1)});
        return right;
    }

    private static boolean allZero(byte[] request) {
        for (int i = 4; i < request.length; i++) {
            if (request[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private byte[] reply(int code, DatagramSocket relay) {
        byte[] own = relay.getLocalAddress().getAddress();
        byte[] address = boundAddress.length > 0
                ? boundAddress
                : ByteBuffer.allocate(1 + own.length)
                        .put((byte) (own.length == 4 ? 1 : 4))
                        .put(own)
                        .array();
        return ByteBuffer.allocate(3 + address.length + 2)
                .put(new byte[] {5, (byte) code, 0})
                .put(address)
                .putShort((short) relay.getLocalPort())
                .array();
    }

    private void send(OutputStream out, byte[] bytes) throws IOException {
        if (!dribbles) {
            out.write(bytes);
            return;
        }
        for (byte each : bytes) {
            out.write(each);
            out.flush();
            Thread.yield();
        }
    }

    private static void watch(DataInputStream in, DatagramSocket relay) throws IOException {
        try {
            while (in.read() >= 0) {
                // A client has nothing to say here
            }
        } finally {
            relay.close();
        }
    }

    /** One association: what has a header goes out by a socket of its own, what comes back gets one. */
    private void relay(DatagramSocket inner) throws Exception {
        DatagramSocket outer = new DatagramSocket(0, inner.getLocalAddress());
        DatagramSocket elsewhere = new DatagramSocket(0, inner.getLocalAddress());
        open.add(outer);
        open.add(elsewhere);
        background(() -> back(outer, inner, elsewhere));
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        while (true) {
            packet.setLength(4096);
            inner.receive(packet);
            int header = packet.getData()[3] == 1 ? 10 : 22;
            if (swallows || packet.getLength() <= header) {
                continue;
            }
            InetAddress target = InetAddress.getByAddress(Arrays.copyOfRange(packet.getData(), 4, header - 2));
            int port = ByteBuffer.wrap(packet.getData()).getShort(header - 2) & 0xFFFF;
            clients.put(
                    (InetSocketAddress) outer.getLocalSocketAddress(), (InetSocketAddress) packet.getSocketAddress());
            outer.send(new DatagramPacket(packet.getData(), header, packet.getLength() - header, target, port));
        }
    }

    private void back(DatagramSocket outer, DatagramSocket inner, DatagramSocket elsewhere) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        while (true) {
            packet.setLength(4096);
            outer.receive(packet);
            byte[] from = packet.getAddress().getAddress();
            ByteBuffer datagram = ByteBuffer.allocate(8192).put(new byte[] {0, 0, (byte) fragment});
            if (returnAddress.length > 0) {
                datagram.put(returnAddress);
            } else {
                datagram.put((byte) (from.length == 4 ? 1 : 4)).put(from).putShort((short) packet.getPort());
            }
            datagram.put(packet.getData(), 0, packet.getLength()).flip();
            InetSocketAddress client = clients.get(outer.getLocalSocketAddress());
            (answersFromElsewhere ? elsewhere : inner)
                    .send(new DatagramPacket(datagram.array(), datagram.limit(), client));
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private void background(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (SocketException | EOFException e) {
                        // its socket was closed
                    } catch (Exception e) {
                        if (!closed) {
                            e.printStackTrace();
                        }
                    }
                },
                "fake-socks");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        for (Closeable each : open) {
            each.close();
        }
    }
}
