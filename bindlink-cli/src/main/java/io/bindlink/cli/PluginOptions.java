package io.bindlink.cli;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.spi.TunDeviceProvider;
import io.bindlink.core.Providers;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A user's own tun devices, UDP sockets, schedulers and multiplexers. Confined to its command. */
final class PluginOptions {
    @Option(
            names = "--plugins",
            paramLabel = "JAR|DIR",
            description =
                    "Look there for more tun devices, UDP sockets, schedulers and multiplexers: in a jar, or in all"
                            + " jars of a directory. May be repeated.")
    private List<Path> places = List.of();

    private @Nullable List<ClassLoader> loaders;

    PluginOptions() {}

    /** A class loader for each place, open until the process ends: a plugin may load classes at any time. */
    List<ClassLoader> loaders() {
        List<ClassLoader> opened = loaders;
        if (opened == null) {
            opened = places.stream().map(PluginOptions::loader).toList();
            loaders = opened;
        }
        return opened;
    }

    /** What was left out of the plugins and why, a line each; nothing without plugins. */
    List<String> complaints() {
        if (loaders().isEmpty()) {
            return List.of();
        }
        Providers<TunDeviceProvider> tunDevices = Providers.tunDevices(loaders());
        Set<String> complaints =
                new LinkedHashSet<>(tunDevices.broken()); // a jar may be broken as a whole, and say so thrice
        complaints.addAll(Providers.udpSockets(loaders()).broken());
        complaints.addAll(Providers.schedulers(loaders()).broken());
        complaints.addAll(Providers.multiplexers(loaders()).broken());
        tunDevices.byName().forEach((name, provider) -> {
            if (provider.getClass().getClassLoader() != PluginOptions.class.getClassLoader()) {
                provider.unsupported()
                        .ifPresent(why -> complaints.add(
                                "plugin " + origin(provider) + ": tun device " + name + " cannot work here: " + why));
            }
        });
        return List.copyOf(complaints);
    }

    /** The name of the jar or directory that something's class is from. */
    static String origin(Object something) {
        CodeSource source = something.getClass().getProtectionDomain().getCodeSource();
        String path = source == null ? "" : source.getLocation().getPath();
        String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return trimmed.isEmpty() ? "(unknown)" : trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }

    private static ClassLoader loader(Path place) {
        List<URL> urls = new ArrayList<>();
        try {
            for (Path jar : jars(place)) {
                checkJar(jar);
                urls.add(jar.toUri().toURL());
            }
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e); // a file always has one
        } catch (IOException e) {
            throw config("--plugins " + place + " cannot be read: " + Failures.reason(e));
        }
        String name = String.valueOf(place.toAbsolutePath().normalize().getFileName());
        return new URLClassLoader(name, urls.toArray(URL[]::new), PluginOptions.class.getClassLoader());
    }

    private static List<Path> jars(Path place) throws IOException {
        if (!Files.exists(place)) {
            throw config("--plugins " + place + " does not exist");
        }
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        try (Stream<Path> files = Files.list(place)) {
            List<Path> jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
            if (jars.isEmpty()) {
                throw config("--plugins " + place + " has no jars");
            }
            return jars;
        }
    }

    /** A class loader would pass over what is no jar without a word. */
    private static void checkJar(Path jar) throws IOException {
        try {
            new ZipFile(jar.toFile()).close();
        } catch (ZipException e) {
            throw config("--plugins " + jar + " is not a jar");
        }
    }

    private static BindlinkException config(String message) {
        return new BindlinkException(BindlinkException.Code.CONFIG, message);
    }
}
