package io.bindlink.cli.control;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.bindlink.api.BindlinkException;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Asks a running node over its control socket. Not thread-safe. */
public final class ControlClient implements AutoCloseable {
    private final Path path;
    private final SocketChannel channel;
    private final BufferedReader lines;

    private ControlClient(Path path, SocketChannel channel) {
        this.path = path;
        this.channel = channel;
        this.lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8.newDecoder(), -1));
    }

    /**
     * Opens a node's socket.
     *
     * @param named where; null: the one node there is
     * @return to be closed
     * @throws BindlinkException with code {@link BindlinkException.Code#NOT_RUNNING} if nobody answers there
     */
    public static ControlClient open(@Nullable Path named) {
        Path path = named != null ? named : ControlPlace.own().find();
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(path));
                return new ControlClient(path, channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new BindlinkException(
                    BindlinkException.Code.NOT_RUNNING, "no node answers at " + path + ": " + reason(path, e), e);
        }
    }

    private static String reason(Path path, IOException failure) {
        if (!Files.exists(path)) {
            return "there is no such socket";
        }
        if (failure instanceof AccessDeniedException || !Files.isReadable(path)) {
            return "it belongs to another user";
        }
        return String.valueOf(failure.getMessage());
    }

    /**
     * Asks, and waits for the answer.
     *
     * @param request with {@code "command"}
     * @return the answer, be it a refusal
     * @throws BindlinkException if the node is gone
     */
    public JsonObject ask(JsonObject request) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(request + "\n");
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            String line = lines.readLine();
            if (line != null) {
                return JsonParser.parseString(line).getAsJsonObject();
            }
        } catch (IOException | JsonParseException | IllegalStateException e) {
            // told of below
        }
        throw new BindlinkException(BindlinkException.Code.NOT_RUNNING, "the node at " + path + " has ended");
    }

    /**
     * Asks, and takes no refusal.
     *
     * @param request with {@code "command"}
     * @return the answer
     * @throws BindlinkException with the node's own words and code
     */
    public JsonObject askFor(JsonObject request) {
        JsonObject answer = ask(request);
        if (!answer.get("ok").getAsBoolean()) {
            throw refused(answer);
        }
        return answer;
    }

    /**
     * A refusal as a failure.
     *
     * @param answer what the node said
     * @return to be thrown
     */
    public static BindlinkException refused(JsonObject answer) {
        BindlinkException.Code code;
        try {
            code = BindlinkException.Code.valueOf(answer.get("code").getAsString());
        } catch (IllegalArgumentException e) { // a newer node's
            code = BindlinkException.Code.RUNTIME;
        }
        return new BindlinkException(code, answer.get("error").getAsString());
    }

    /**
     * A request.
     *
     * @param command what to do
     * @return to be completed
     */
    public static JsonObject request(String command) {
        JsonObject request = new JsonObject();
        request.addProperty("command", command);
        return request;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
