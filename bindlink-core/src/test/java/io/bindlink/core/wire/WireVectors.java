package io.bindlink.core.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The byte vectors of {@code docs/wire.md}, so that the description cannot drift from the code. A vector is a fenced block
 * {@code ```vector NAME} of lines in hexadecimal: spaces mean nothing, {@code hh*n} repeats a byte, {@code #} starts a
 * comment. Thread-safe.
 */
public final class WireVectors {
    private static final String DOCUMENT = "docs/wire.md";
    private static final String OPENING = "```vector ";
    private static final String CLOSING = "```";
    private static final Map<String, List<byte[]>> VECTORS = parse(readDocument());

    private WireVectors() {}

    /**
     * A vector as one row of bytes.
     *
     * @param name its name in the document
     * @return a copy
     */
    public static byte[] bytes(String name) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        lines(name).forEach(all::writeBytes);
        return all.toByteArray();
    }

    /**
     * A vector in a buffer of its own.
     *
     * @param name its name in the document
     * @return all its bytes, from position to limit
     */
    public static ByteBuffer buffer(String name) {
        return ByteBuffer.wrap(bytes(name));
    }

    /**
     * A vector line by line, without those that hold no bytes.
     *
     * @param name its name in the document
     * @return one array for each line
     */
    public static List<byte[]> lines(String name) {
        List<byte[]> lines = VECTORS.get(name);
        if (lines == null) {
            throw new IllegalArgumentException("no vector " + name + " in " + DOCUMENT);
        }
        return lines;
    }

    /**
     * The names of all vectors.
     *
     * @return in the order of the document
     */
    public static Set<String> names() {
        return VECTORS.keySet();
    }

    static Map<String, List<byte[]>> parse(List<String> document) {
        Map<String, List<byte[]>> vectors = new LinkedHashMap<>();
        List<byte[]> open = null;
        for (String line : document) {
            if (line.startsWith(OPENING)) {
                open = new ArrayList<>();
                String name = line.substring(OPENING.length()).strip();
                if (vectors.put(name, open) != null) {
                    throw new IllegalStateException("two vectors are called " + name);
                }
            } else if (line.startsWith(CLOSING)) {
                open = null;
            } else if (open != null) {
                byte[] bytes = parseLine(line);
                if (bytes.length > 0) {
                    open.add(bytes);
                }
            }
        }
        return vectors;
    }

    private static byte[] parseLine(String line) {
        int comment = line.indexOf('#');
        String hex = comment < 0 ? line : line.substring(0, comment);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String word : hex.strip().split("\\s+", -1)) {
            int star = word.indexOf('*');
            byte[] once = HexFormat.of().parseHex(star < 0 ? word : word.substring(0, star));
            int times = star < 0 ? 1 : Integer.parseInt(word.substring(star + 1));
            for (int i = 0; i < times; i++) {
                bytes.writeBytes(once);
            }
        }
        return bytes.toByteArray();
    }

    private static List<String> readDocument() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.exists(directory.resolve(DOCUMENT))) {
            directory = directory.getParent();
        }
        if (directory == null) {
            throw new IllegalStateException(
                    "no " + DOCUMENT + " above " + Path.of("").toAbsolutePath());
        }
        try {
            return Files.readAllLines(directory.resolve(DOCUMENT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
