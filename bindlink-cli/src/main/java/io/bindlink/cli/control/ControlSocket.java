package io.bindlink.cli.control;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.bindlink.api.BindlinkException;
import io.bindlink.api.Role;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Unix domain socket at which one node answers. Whoever can open it can do to the node what its user can, so only its
 * owner can: mode 0600 from the first moment on. Thread-safe.
 */
public final class ControlSocket implements AutoCloseable {
    private static final int MAX_CLIENTS = 16; // people and scripts at one machine
    private static final int MAX_LINE_CHARS = 16_384; // a URI with a password has some hundred

    private final @Nullable ServerSocketChannel server;
    private final Path path;
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();

    private ControlSocket(@Nullable ServerSocketChannel server, Path path) {
        this.server = server;
        this.path = path;
    }

    /**
     * Takes a path; nobody is answered before {@link #serve}.
     *
     * @param wanted where; null: at the usual place
     * @param role what the node is
     * @return to be closed, which removes the path
     * @throws IOException if it cannot be had
     */
    public static ControlSocket bind(@Nullable Path wanted, Role role) throws IOException {
        Path path = wanted != null ? wanted : ControlPlace.own().forNode(role);
        if (Files.exists(path) && ControlPlace.answers(path)) {
            throw new IOException("another node answers there");
        }
        return new ControlSocket(bind(path), path);
    }

    /**
     * A socket that nobody reaches.
     *
     * @return one without a path
     */
    public static ControlSocket nowhere() {
        return new ControlSocket(null, Path.of(""));
    }

    /** It is made in a directory that nobody else can enter, and moved when its mode is right. */
    private static ServerSocketChannel bind(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        Path closed = Files.createTempDirectory(parent == null ? Path.of("/") : parent, ".b");
        Path made = closed.resolve("s");
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(made));
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
            Files.deleteIfExists(path); // what a killed process left
            Files.move(made, path);
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        } finally {
            Files.deleteIfExists(made);
            Files.delete(closed);
        }
    }

    /**
     * Begins to answer. Once.
     *
     * @param control what the node does when asked
     */
    public void serve(Control control) {
        if (server != null) {
            ServerSocketChannel listening = server;
            daemon(() -> accept(listening, control)).start();
        }
    }

    private void accept(ServerSocketChannel listening, Control control) {
        while (true) {
            try {
                SocketChannel client = listening.accept();
                if (clients.size() >= MAX_CLIENTS) {
                    client.close();
                    continue;
                }
                clients.add(client);
                daemon(() -> serve(client, control)).start();
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                log().warn("control socket {} failed: {}", path, e.getMessage());
                return;
            }
        }
    }

    private void serve(SocketChannel client, Control control) {
        try (client;
                BufferedReader lines =
                        new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8.newDecoder(), -1))) {
            for (String line = line(lines); line != null; line = line(lines)) {
                String answer = answer(control, line) + "\n";
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(answer);
                while (bytes.hasRemaining()) {
                    client.write(bytes);
                }
            }
        } catch (IOException e) {
            // The client is gone, or speaks something else.
        } finally {
            clients.remove(client);
        }
    }

    /** A line of bounded length; null at the end. */
    private static @Nullable String line(Reader reader) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = reader.read(); c != '\n'; c = reader.read()) {
            if (c < 0) {
                return null;
            }
            if (line.length() == MAX_LINE_CHARS) {
                throw new IOException("line too long");
            }
            line.append((char) c);
        }
        return line.toString();
    }

    private static JsonObject answer(Control control, String line) {
        try {
            return control.answer(JsonParser.parseString(line).getAsJsonObject());
        } catch (JsonParseException | IllegalStateException e) {
            return Control.refusal(BindlinkException.Code.USAGE, "not a JSON object on one line");
        } catch (BindlinkException e) {
            return Control.refusal(e.code(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) { // the node goes on
            log().warn("a control request failed: {}", e.toString());
            return Control.refusal(BindlinkException.Code.RUNTIME, "internal error");
        }
    }

    /**
     * Where it is.
     *
     * @return an empty path if nowhere
     */
    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        if (server == null || !server.isOpen()) {
            return;
        }
        server.close();
        Files.deleteIfExists(path);
        for (SocketChannel client : clients) {
            client.close();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "bindlink-control");
        thread.setDaemon(true);
        return thread;
    }

    private static Logger log() {
        return LoggerFactory.getLogger("bindlink");
    }
}
