package io.bindlink.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file on its way from one TCP socket to another, hashed at both. Its receiving end listens before anybody connects.
 * Thread-safe.
 */
final class Transfer implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final long NOTED_GAP_NANOS = 10_000_000;

    private final Path file;
    private final long fileBytes;
    private final String sentHash;
    private final ServerSocket server;
    private final CountDownLatch ended = new CountDownLatch(2);
    private final List<Gap> gaps = new ArrayList<>(); // guarded by itself
    private @Nullable Socket client;
    private volatile long startNanos;
    private volatile long endNanos;
    private volatile long receivedBytes;
    private volatile String receivedHash = "";
    private volatile String failure = "";

    /** A time in which no byte arrived. */
    private record Gap(long fromNanos, long toNanos) {}

    /** Writes a file of random bytes and listens for it on loopback. */
    Transfer(long bytes, long seed) throws IOException {
        fileBytes = bytes;
        file = Files.createTempFile("bindlink-demo", ".bin");
        sentHash = generate(file, bytes, seed);
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    long fileBytes() {
        return fileBytes;
    }

    /** Where the receiving end listens. */
    int port() {
        return server.getLocalPort();
    }

    /** Sends the file to an address; what arrives at {@link #port} is received. */
    void start(InetSocketAddress via) throws IOException {
        client = new Socket();
        client.connect(via);
        startNanos = System.nanoTime();
        thread("bindlink-demo-receive", this::receive).start();
        thread("bindlink-demo-send", this::send).start();
    }

    /** Waits for the end; returns false when it did not come in time. */
    boolean await(long nanos) throws InterruptedException {
        return ended.await(nanos, TimeUnit.NANOSECONDS);
    }

    long startNanos() {
        return startNanos;
    }

    /** From the connection to the last byte. */
    long durationNanos() {
        return endNanos - startNanos;
    }

    long receivedBytes() {
        return receivedBytes;
    }

    /** Why it did not succeed; empty when it did, or has not ended. */
    String failure() {
        if (failure.isEmpty() && ended.getCount() == 0 && !receivedHash.equals(sentHash)) {
            return "the file arrived altered: SHA-256 " + receivedHash + " instead of " + sentHash;
        }
        return failure;
    }

    String hash() {
        return receivedHash;
    }

    /** The longest time without data that began in a span. */
    long longestGapNanos(long fromNanos, long toNanos) {
        synchronized (gaps) {
            return gaps.stream()
                    .filter(gap -> gap.toNanos() - fromNanos > 0 && toNanos - gap.fromNanos() > 0)
                    .mapToLong(gap -> gap.toNanos() - gap.fromNanos())
                    .max()
                    .orElse(0);
        }
    }

    @Override
    public void close() throws IOException {
        if (client != null) {
            client.close();
        }
        server.close();
        Files.deleteIfExists(file);
    }

    private void send() {
        Socket socket = Objects.requireNonNull(client);
        try (InputStream in = Files.newInputStream(file)) {
            in.transferTo(socket.getOutputStream());
            socket.shutdownOutput();
            if (socket.getInputStream().read() >= 0) {
                throw new IOException("bytes came back");
            }
        } catch (IOException e) {
            failure = "sending failed: " + e.getMessage();
        } finally {
            ended.countDown();
        }
    }

    private void receive() {
        try (Socket socket = server.accept()) {
            MessageDigest digest = sha256();
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[BUFFER_BYTES];
            long total = 0;
            long lastNanos = System.nanoTime();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                long nowNanos = System.nanoTime();
                note(lastNanos, nowNanos);
                lastNanos = nowNanos;
                digest.update(buffer, 0, n);
                total += n;
                receivedBytes = total;
            }
            receivedHash = HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            failure = "receiving failed: " + e.getMessage();
        } finally {
            endNanos = System.nanoTime();
            ended.countDown();
        }
    }

    private void note(long fromNanos, long toNanos) {
        if (toNanos - fromNanos > NOTED_GAP_NANOS) {
            synchronized (gaps) {
                gaps.add(new Gap(fromNanos, toNanos));
            }
        }
    }

    private static String generate(Path file, long bytes, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long left = bytes; left > 0; left -= buffer.length) {
                random.nextBytes(buffer);
                int piece = (int) Math.min(left, buffer.length);
                digest.update(buffer, 0, piece);
                out.write(buffer, 0, piece);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
