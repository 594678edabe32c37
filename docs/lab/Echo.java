import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What ping is to a tun device, for a forwarded port: an echo over TCP, used by {@code lab.sh --tcp-mode}.
 *
 * <pre>
 *   serve PORT                    echoes on loopback, until it is ended
 *   ping PORT INTERVAL_MS COUNT   sends 64 bytes at that pace, and writes what came back as ping -D does
 *   hold PORT COUNT               so many connections that are proved once and then idle, until it is ended
 * </pre>
 */
final class Echo {
    private static final int BYTES = 64;

    private Echo() {}

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[1]);
        switch (arguments[0]) {
            case "serve" -> serve(port);
            case "ping" -> ping(port, Long.parseLong(arguments[2]), Integer.parseInt(arguments[3]));
            case "hold" -> hold(port, Integer.parseInt(arguments[2]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void serve(int port) throws IOException {
        try (ServerSocket server = new ServerSocket()) {
            server.bind(new InetSocketAddress("127.0.0.1", port), 1024);
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                Thread echo = new Thread(null, () -> echo(socket), "echo", 64 * 1024);
                echo.setDaemon(true);
                echo.start();
            }
        }
    }

    private static void echo(Socket socket) {
        byte[] bytes = new byte[1024];
        try (socket) {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                out.write(bytes, 0, n);
            }
        } catch (IOException e) {
            // The client is gone.
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void ping(int port, long intervalMillis, int count) throws Exception {
        int answered = 0;
        while (answered == 0) { // while there is no session connections are reset
            answered = answered(port, intervalMillis, count);
            Thread.sleep(10);
        }
        System.out.printf("%d packets transmitted, %d received%n", count, answered);
    }

    private static int answered(int port, long intervalMillis, int count) {
        int answered = 0;
        try (Socket socket = connect(port)) {
            socket.setSoTimeout(10_000);
            Thread sender = new Thread(() -> send(socket, intervalMillis, count));
            sender.setDaemon(true);
            sender.start();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] bytes = new byte[BYTES];
            while (answered < count) {
                in.readFully(bytes);
                answered++;
                double millis = (System.nanoTime() - ByteBuffer.wrap(bytes).getLong()) / 1e6;
                System.out.printf(
                        "[%.6f] %d bytes: seq=%d time=%.3f ms%n",
                        System.currentTimeMillis() / 1e3, BYTES, answered, millis);
            }
        } catch (IOException e) {
            // What came until then counts.
        }
        return answered;
    }

    private static void send(Socket socket, long intervalMillis, int count) {
        try {
            long due = System.nanoTime();
            for (int i = 0; i < count; i++) {
                socket.getOutputStream()
                        .write(ByteBuffer.allocate(BYTES)
                                .putLong(System.nanoTime())
                                .array());
                due += intervalMillis * 1_000_000;
                Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
            }
        } catch (IOException | InterruptedException e) {
            // The reader tells.
        }
    }

    private static void hold(int port, int count) throws Exception {
        List<Socket> held = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = connect(port);
            socket.getOutputStream().write(1);
            held.add(socket);
        }
        for (Socket socket : held) {
            if (socket.getInputStream().read() != 1) {
                throw new IOException("not echoed");
            }
        }
        System.out.println("holds " + held.size());
        Thread.sleep(60_000);
    }
}
