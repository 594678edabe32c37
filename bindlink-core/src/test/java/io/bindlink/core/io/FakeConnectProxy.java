package io.bindlink.core.io;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** A proxy on loopback that connects and knows no UDP: SOCKS5 or HTTP, whichever it is spoken to in. */
public final class FakeConnectProxy implements AutoCloseable {
    private final ServerSocket server;
    private final List<Closeable> open = new CopyOnWriteArrayList<>();

    /** The header field it wants to see in HTTP; empty: none. */
    volatile String wantedField = "";

    /** What it passes on of a client's, at most; 0: all. For connections made from then on. */
    volatile int bytesPerSecond;

    /** Called with each piece that it has passed on of a client's so. */
    volatile Runnable passedOn = () -> {};

    /** Listens on a port of its own. */
    public FakeConnectProxy() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        background(() -> {
            while (true) {
                Socket client = server.accept();
                open.add(client);
                background(() -> serve(client));
            }
        });
    }

    /** Where it listens. */
    public int port() {
        return server.getLocalPort();
    }

    /** Ends all connections. */
    void drop() throws IOException {
        for (Closeable each : open) {
            each.close();
        }
        open.clear();
    }

    private void serve(Socket client) throws IOException {
        PushbackInputStream in = new PushbackInputStream(client.getInputStream());
        int first = in.read();
        in.unread(first);
        if (first == 5) {
            serveSocks(client, new DataInputStream(in));
        } else {
            serveHttp(client, in);
        }
    }

    private void serveSocks(Socket client, DataInputStream in) throws IOException {
        OutputStream out = client.getOutputStream();
        in.readByte();
        in.readNBytes(in.readUnsignedByte());
        out.write(new byte[] {5, 0});
        byte[] head = in.readNBytes(4);
        byte[] address = in.readNBytes(head[3] == 3 ? in.readUnsignedByte() : head[3] == 1 ? 4 : 16);
        int port = in.readUnsignedShort();
        if (head[1] != 1) {
            out.write(new byte[] {5, 7, 0, 1, 0, 0, 0, 0, 0, 0});
            client.close();
            return;
        }
        Socket target = new Socket(
                head[3] == 3
                        ? InetAddress.getByName(new String(address, StandardCharsets.US_ASCII))
                        : InetAddress.getByAddress(address),
                port);
        out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        join(client, in, target);
    }

    private void serveHttp(Socket client, InputStream in) throws IOException {
        OutputStream out = client.getOutputStream();
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
        String request = lines.readLine();
        boolean allowed = wantedField.isEmpty();
        for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
            allowed |= line.equals(wantedField);
        }
        if (!allowed) {
            out.write("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            client.close();
            return;
        }
        HostPort to = HostPort.parse(request.split(" ")[1], "target");
        Socket target = new Socket(to.host(), to.port());
        out.write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        join(client, in, target);
    }

    private void join(Socket client, InputStream fromClient, Socket target) throws IOException {
        open.add(target);
        background(() -> pump(target.getInputStream(), client));
        int limit = bytesPerSecond;
        background(() -> pump(limit == 0 ? fromClient : new SlowInput(fromClient, limit), target));
    }

    /** Reads at a steady rate, as a phone's radio sends; what it has missed is not made up for. */
    private final class SlowInput extends FilterInputStream {
        private static final int PIECE_BYTES = 8 << 10;

        private final int rate;
        private long nextNanos = System.nanoTime();

        SlowInput(InputStream in, int bytesPerSecond) {
            super(in);
            rate = bytesPerSecond;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            for (long now = System.nanoTime(); now - nextNanos < 0; now = System.nanoTime()) {
                LockSupport.parkNanos(nextNanos - now);
            }
            int count = super.read(target, offset, Math.min(length, PIECE_BYTES));
            nextNanos = System.nanoTime() + count * 1_000_000_000L / rate;
            passedOn.run();
            return count;
        }
    }

    private static void pump(InputStream from, Socket to) throws IOException {
        try {
            from.transferTo(to.getOutputStream());
        } finally {
            to.close();
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void background(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // one of the sockets was closed
                    }
                },
                "fake-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        drop();
    }
}
