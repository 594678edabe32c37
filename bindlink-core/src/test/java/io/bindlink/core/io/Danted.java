package io.bindlink.core.io;

import io.bindlink.core.base.RealNetwork;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real SOCKS5 server, dante, on a loopback port of its own. Needs no root, and gives it away where the tests have it.
 * Confined to its test.
 */
public final class Danted implements AutoCloseable {
    private static final String NOBODY = "65534";
    private static final long END_SECONDS = 10;

    private final Path directory;
    private final int port;
    private Process process;

    /**
     * Starts it, or skips the test where it is not installed.
     *
     * @param directory an empty one
     */
    public Danted(Path directory) throws IOException {
        this.directory = directory;
        this.port = freePort();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx")); // for nobody
        Files.writeString(directory.resolve("danted.conf"), """
                logoutput: stderr
                internal: 127.0.0.1 port = %d
                external: 127.0.0.1
                clientmethod: none
                socksmethod: none
                client pass {
                  from: 0.0.0.0/0 to: 0.0.0.0/0
                }
                socks pass {
                  from: 0.0.0.0/0 to: 0.0.0.0/0
                  command: udpassociate
                }
                socks pass {
                  from: 0.0.0.0/0 to: 0.0.0.0/0
                  command: udpreply
                }
                """.formatted(port));
        start();
    }

    /** Where it listens, on the loopback address. */
    public int port() {
        return port;
    }

    /** Starts it on the same port, and returns when it listens. */
    public void start() throws IOException {
        Path program = RealNetwork.assumeProgram("danted");
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            String setpriv = RealNetwork.assumeProgram("setpriv").toString();
            command.addAll(List.of(setpriv, "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        }
        command.addAll(List.of(program.toString(), "-N", "1", "-f", "danted.conf", "-p", "danted.pid"));
        process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        awaitRunning();
    }

    private void awaitRunning() throws IOException {
        BufferedReader log = process.inputReader();
        StringBuilder said = new StringBuilder();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            said.append(line).append('\n');
            if (line.contains(" running")) {
                discard(log);
                return;
            }
        }
        throw new IOException("danted does not start: " + said);
    }

    /** Reads on, lest it block when the pipe is full. */
    private static void discard(BufferedReader log) {
        Thread reader = new Thread(() -> log.lines().forEach(line -> {}), "danted-log");
        reader.setDaemon(true);
        reader.start();
    }

    /** Kills it and all its children. */
    @Override
    public void close() throws IOException {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        try {
            for (ProcessHandle each : all) {
                each.onExit().get(END_SECONDS, TimeUnit.SECONDS);
            }
        } catch (Exception e) {
            throw new IOException("danted does not end", e);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** A port of the loopback address that nobody has. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
