package io.bindlink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** Bytes sent both ways at once between the two ends of what should be one connection, each way to its end. */
final class TwoWayTransfer {
    /** A thread for each task: the common pool may have one alone, and tasks here wait for each other. */
    private static final Executor THREADS = task -> new Thread(task, "test").start();

    private TwoWayTransfer() {}

    /** Sends and receives, and compares. */
    static void run(Socket client, Socket served, byte[] up, byte[] down) {
        CompletableFuture<Void> upWriter = CompletableFuture.runAsync(() -> write(client, up), THREADS);
        CompletableFuture<Void> downWriter = CompletableFuture.runAsync(() -> write(served, down), THREADS);
        CompletableFuture<byte[]> upReader = CompletableFuture.supplyAsync(() -> readAll(served), THREADS);
        assertThat(readAll(client)).isEqualTo(down);
        assertThat(upReader.join()).isEqualTo(up);
        upWriter.join();
        downWriter.join();
    }

    static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    private static void write(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static byte[] readAll(Socket socket) {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}
