package io.bindlink.core;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What the build wrote down of itself. */
final class Build {
    private static final Properties PROPERTIES = read();

    private Build() {}

    static String text(String name) {
        return PROPERTIES.getProperty(name, "unknown");
    }

    private static Properties read() {
        Properties read = new Properties();
        try (InputStream in = Build.class.getResourceAsStream("build.properties")) {
            if (in != null) {
                read.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return read;
    }
}
