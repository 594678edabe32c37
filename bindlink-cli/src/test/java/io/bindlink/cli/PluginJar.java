package io.bindlink.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A user's plugin, compiled against the packaged jar. Confined to its test. */
final class PluginJar {
    private final Path directory;
    private final List<Path> sources = new ArrayList<>();
    private final Map<String, String> services = new LinkedHashMap<>();

    /** A plugin that is made below an empty directory. */
    PluginJar(Path directory) {
        this.directory = directory;
    }

    /** Adds a class of the package {@code mine}. */
    PluginJar add(String name, String source) throws IOException {
        sources.add(Files.writeString(directory.resolve(name + ".java"), "package mine;\n" + source));
        return this;
    }

    /** Names providers of a service. */
    PluginJar provides(Class<?> service, String... providers) {
        services.put("META-INF/services/" + service.getName(), String.join("\n", providers) + "\n");
        return this;
    }

    /** Compiles it. */
    Path build(String name) throws IOException {
        Path classes = Files.createDirectory(directory.resolve("classes"));
        List<String> arguments = new ArrayList<>(
                List.of("--release", "17", "-proc:none", "-cp", BuiltJar.path().toString(), "-d", classes.toString()));
        sources.forEach(source -> arguments.add(source.toString()));
        int result = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(System.out, System.err, arguments.toArray(String[]::new));
        if (result != 0) {
            throw new IllegalStateException("the plugin does not compile");
        }
        Path jar = directory.resolve(name);
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream out = new ZipOutputStream(file);
                Stream<Path> files = Files.walk(classes)) {
            for (Path each : files.filter(Files::isRegularFile).collect(Collectors.toList())) {
                out.putNextEntry(new ZipEntry(classes.relativize(each).toString()));
                out.write(Files.readAllBytes(each));
            }
            for (Map.Entry<String, String> service : services.entrySet()) {
                out.putNextEntry(new ZipEntry(service.getKey()));
                out.write(service.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return jar;
    }
}
