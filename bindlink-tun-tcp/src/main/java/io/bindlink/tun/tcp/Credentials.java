package io.bindlink.tun.tcp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/** Who may use the proxy: users and their passwords, from a file of lines {@code USER:PASSWORD}. Immutable. */
final class Credentials {
    private static final int MAX_BYTES = 255; // of each, RFC 1929

    private final List<byte[]> pairs;

    private Credentials(List<byte[]> pairs) {
        this.pairs = pairs;
    }

    /** Reads a file. Empty lines and those that begin with {@code #} are skipped. */
    static Credentials read(String setting, String file) {
        List<byte[]> pairs = new ArrayList<>();
        int number = 0;
        for (String line : lines(setting, file)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(':');
            byte[] pair = line.getBytes(StandardCharsets.UTF_8);
            if (colon < 1 || pair.length > 2 * MAX_BYTES) {
                throw TcpTunDeviceProvider.invalid(setting + " " + file + ":" + number + ": write USER:PASSWORD");
            }
            pairs.add(pair);
        }
        if (pairs.isEmpty()) {
            throw TcpTunDeviceProvider.invalid(setting + " " + file + ": nobody is in it; write lines USER:PASSWORD");
        }
        return new Credentials(pairs);
    }

    private static List<String> lines(String setting, String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (NoSuchFileException e) {
            throw TcpTunDeviceProvider.invalid(setting + " " + file + " does not exist");
        } catch (AccessDeniedException e) {
            throw TcpTunDeviceProvider.invalid(setting + " " + file + " cannot be read: permission denied");
        } catch (CharacterCodingException e) {
            throw TcpTunDeviceProvider.invalid(setting + " " + file + " cannot be read: it holds no text");
        } catch (IOException | InvalidPathException e) {
            throw TcpTunDeviceProvider.invalid(setting + " " + file + " cannot be read: " + e.getMessage());
        }
    }

    boolean admits(byte[] user, byte[] password) {
        ByteBuffer pair = ByteBuffer.allocate(user.length + 1 + password.length);
        return admits(pair.put(user).put((byte) ':').put(password).array());
    }

    /** Whether {@code USER:PASSWORD} is among those admitted; takes as long whoever it is not. */
    boolean admits(byte[] pair) {
        boolean found = false;
        for (byte[] known : pairs) {
            found |= MessageDigest.isEqual(known, pair);
        }
        return found;
    }
}
