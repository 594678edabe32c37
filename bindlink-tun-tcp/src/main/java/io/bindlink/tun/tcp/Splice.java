package io.bindlink.tun.tcp;

import io.bindlink.core.stream.ByteStream;
import io.bindlink.core.stream.ResetCode;
import io.bindlink.core.stream.StreamResetException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection and a stream joined: bytes pass both ways, an end passes as an end, and a failure of one resets the
 * other. One thread carries towards the network, the other towards the bond. Thread-safe.
 */
final class Splice {
    private static final int DIAL_TIMEOUT_MILLIS = 10_000;
    private static final int PIECES = 16; // of a read: 22 kB with the usual MTU, half a millisecond at 400 Mbit/s

    private final Socket socket;
    private final ByteStream stream;
    private final @Nullable Endpoint remote;
    private final Thread outward;
    private final Thread inward;

    private Splice(Socket socket, ByteStream stream, @Nullable Endpoint remote) {
        this.socket = socket;
        this.stream = stream;
        this.remote = remote;
        this.outward = thread(this::carryOutward, "bindlink-tcp-out-" + stream.number());
        this.inward = thread(this::carryInward, "bindlink-tcp-in-" + stream.number());
    }

    /** Joins a connection that was accepted. */
    static Splice accepted(Socket socket, ByteStream stream) {
        return new Splice(socket, stream, null);
    }

    /** Joins a connection yet to be made. */
    static Splice dialing(Endpoint remote, ByteStream stream) {
        return new Splice(new Socket(), stream, remote);
    }

    /** Resets a connection. */
    static void refuse(Socket socket) {
        try {
            socket.setSoLinger(true, 0); // RFC 1122 section 4.2.2.13: an abort sends RST
        } catch (IOException e) {
            // closed already
        }
        closeQuietly(socket);
    }

    void start() {
        outward.start();
    }

    /** Ends both at once. Idempotent. */
    void abort() {
        stream.close();
        refuse(socket);
    }

    /** Whether its threads have ended, once it was started: the outward one is the last. */
    boolean hasEnded() {
        return !outward.isAlive();
    }

    /** Waits for both threads. */
    void join(Deadline deadline) {
        deadline.join(outward);
        deadline.join(inward);
    }

    /** From the stream to the socket; also makes the connection, and stays until both directions have ended. */
    private void carryOutward() {
        try {
            if (connect()) {
                inward.start();
                copyOutward();
                stream.awaitEnd();
                socket.close();
            }
        } catch (StreamResetException e) {
            refuse(socket);
        } catch (IOException e) {
            abort();
        } finally {
            joinInward();
        }
    }

    private boolean connect() throws IOException {
        if (remote != null) {
            try {
                socket.connect(remote.resolve(), DIAL_TIMEOUT_MILLIS);
            } catch (IOException e) {
                String why = e instanceof UnknownHostException ? "no such host" : String.valueOf(e.getMessage());
                stream.reset(ResetCode.UNREACHABLE, remote + ": " + why);
                closeQuietly(socket);
                return false;
            }
        }
        socket.setTcpNoDelay(true);
        return true;
    }

    private void copyOutward() throws IOException {
        OutputStream out = socket.getOutputStream();
        byte[] buffer = new byte[PIECES * stream.pieceBytes()];
        for (int n = stream.read(buffer, 0, buffer.length); n >= 0; n = stream.read(buffer, 0, buffer.length)) {
            out.write(buffer, 0, n);
        }
        socket.shutdownOutput();
    }

    /** From the socket to the stream. Whatever fails here ends the stream, which the other thread notices. */
    private void carryInward() {
        try {
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[PIECES * stream.pieceBytes()];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                stream.write(buffer, 0, n);
            }
            stream.finish();
        } catch (IOException e) {
            abort();
        }
    }

    private void joinInward() {
        try {
            inward.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // nothing is left to be done about it
        }
    }
}
