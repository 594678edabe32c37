package io.bindlink.cli.demo;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A SOCKS5 proxy (RFC 1928) that knows CONNECT to IPv4 addresses alone, as many apps do. */
final class ConnectOnlyProxy implements AutoCloseable {
    private static final int CONNECT = 1;
    private static final byte NOT_SUPPORTED = 7;

    private final ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    ConnectOnlyProxy() throws IOException {
        daemon(() -> {
            while (true) {
                Socket client = server.accept();
                open.add(client);
                daemon(() -> serve(client));
            }
        });
    }

    int port() {
        return server.getLocalPort();
    }

    private void serve(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        in.readByte();
        in.readFully(new byte[in.readUnsignedByte()]);
        client.getOutputStream().write(new byte[] {5, 0});
        in.readByte();
        int command = in.readUnsignedByte();
        in.readShort();
        byte[] address = new byte[4];
        in.readFully(address);
        int port = in.readUnsignedShort();
        byte reply = command == CONNECT ? 0 : NOT_SUPPORTED;
        Socket far = command == CONNECT ? new Socket(InetAddress.getByAddress(address), port) : null;
        client.getOutputStream().write(new byte[] {5, reply, 0, 1, 0, 0, 0, 0, 0, 0});
        if (far == null) {
            client.close();
            return;
        }
        open.add(far);
        daemon(() -> pass(far.getInputStream(), client.getOutputStream()));
        pass(in, far.getOutputStream());
    }

    private static void pass(InputStream from, OutputStream to) throws IOException {
        byte[] bytes = new byte[65_536];
        for (int count = from.read(bytes); count >= 0; count = from.read(bytes)) {
            to.write(bytes, 0, count);
        }
    }

    /** What may end by a closed socket. */
    private interface Work {
        void run() throws IOException;
    }

    private static void daemon(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // one of the two is gone
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
