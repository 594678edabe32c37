package io.bindlink.cli.real;

import static io.bindlink.cli.real.Testbed.udp;

import io.bindlink.cli.real.Testbed.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folders a master and a slave leave for the next ones' quicker start. Else most nodes of the tests would begin to
 * make them, which is seconds of work, and be stopped before they are done. Thread-safe.
 */
final class ClassArchives {
    private static final Duration UP = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private static final String JAR = "exec java -jar bindlink-cli.jar ";

    /** The build's own folder, empty at first. */
    private static final @Nullable String CACHES = System.getenv("XDG_CACHE_HOME");

    private boolean done;

    /** Has the first testbed's nodes make them; all others wait. */
    synchronized void await(Testbed net) throws IOException, InterruptedException {
        if (done || CACHES == null) {
            return;
        }
        done = true; // also if it takes too long: all works without
        awaitMade(2, net.master(), net.slave(udp(1)));
        // The JVM takes the jar by another name, as the documentation's lines have it, for another one.
        Path folder = Files.createDirectory(net.directory().resolve("as-documented"));
        Files.createSymbolicLink(folder.resolve("bindlink-cli.jar"), Testbed.jar());
        String key = " --key-file " + net.key();
        awaitMade(
                4,
                net.script(Side.MASTER, folder, JAR + "master --listen-port " + Testbed.PORT + key),
                net.script(Side.SLAVE, folder, JAR + "slave --targets " + Testbed.MASTER + ":" + Testbed.PORT + key));
    }

    private static void awaitMade(int count, Program master, Program slave) throws IOException, InterruptedException {
        slave.await("session up", UP);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (made(Path.of(CACHES, "bindlink")) < count && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        slave.stop();
        master.stop();
    }

    /** Those under way have a dot in their names. */
    private static long made(Path directory) throws IOException {
        try (Stream<Path> folders = Files.list(directory)) {
            return folders.filter(folder -> !folder.getFileName().toString().contains("."))
                    .count();
        }
    }
}
