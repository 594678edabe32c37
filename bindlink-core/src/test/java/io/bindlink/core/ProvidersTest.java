package io.bindlink.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.spi.SchedulerProvider;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvidersTest {
    private static final String SOURCE = """
            package mine;
            public class %s implements io.bindlink.api.spi.SchedulerProvider {
                public %1$s() { %s }
                public String name() { %s }
                public io.bindlink.api.Scheduler create(java.util.Map<String, String> options) { return null; }
            }
            """;

    @TempDir
    private Path directory;

    private URLClassLoader plugin;

    @BeforeEach
    void open() throws IOException {
        plugin = new URLClassLoader(
                "mine.jar", new URL[] {directory.toUri().toURL()}, getClass().getClassLoader());
    }

    @AfterEach
    void close() throws IOException {
        plugin.close();
    }

    @Test
    void pluginStandsBesideTheBuiltInOnes() throws IOException {
        provider("Good", "", "return \"good\";");
        services("mine.Good");
        Providers<SchedulerProvider> found = Providers.schedulers(List.of(plugin));
        assertThat(found.byName().keySet()).startsWith("good").contains("weighted", "redundant");
        assertThat(found.broken()).isEmpty();
        assertThat(found.find("good").name()).isEqualTo("good");
    }

    @Test
    void pluginComesBeforeABuiltInOneOfItsName() throws IOException {
        provider("Good", "", "return \"weighted\";");
        services("mine.Good");
        assertThat(Providers.schedulers(List.of(plugin))
                        .find("weighted")
                        .getClass()
                        .getName())
                .isEqualTo("mine.Good");
    }

    @Test
    void brokenProviderIsToldOfAndDoesNotHideTheOthers() throws IOException {
        provider("Throwing", "if (true) throw new IllegalStateException(\"no disk\");", "return \"throwing\";");
        provider("Nameless", "", "throw new IllegalStateException(\"no name\");");
        provider("Newer", "", "return \"newer\";");
        provider("Good", "", "return \"good\";");
        provider("Orphan", "", "return Parent.NAME;");
        makeNewerThanThisJvm(directory.resolve("mine/Newer.class"));
        Files.delete(directory.resolve("mine/Parent.class"));
        services("nowhere.Missing", "mine.Throwing", "mine.Nameless", "mine.Newer", "mine.Orphan", "mine.Good");
        Providers<SchedulerProvider> found = Providers.schedulers(List.of(plugin));
        assertThat(found.byName()).containsKeys("good", "weighted").doesNotContainKeys("throwing", "newer");
        assertThat(found.broken())
                .allMatch(line -> line.startsWith("plugin mine.jar: "))
                .hasSize(5);
        assertThat(String.join("\n", found.broken()))
                .contains("nowhere.Missing not found")
                .contains("mine.Throwing could not be instantiated: no disk")
                .contains("no name")
                .contains("mine/Newer has been compiled by a more recent version")
                .contains("class mine.Parent is missing");
        assertThatThrownBy(() -> found.find("newer"))
                .isInstanceOf(BindlinkException.class)
                .hasMessageStartingWith("unknown scheduler 'newer'; known are active-standby, adaptive, good, ")
                .hasMessageContaining("; left out: plugin mine.jar: ");
    }

    @Test
    void fileOfServicesThatMakesNoSenseIsToldOf() throws IOException {
        services("no class at all");
        Providers<SchedulerProvider> found = Providers.schedulers(List.of(plugin));
        assertThat(found.byName()).containsKey("weighted");
        assertThat(found.broken()).hasSize(1);
    }

    private void provider(String name, String constructor, String body) throws IOException {
        Path source = Files.writeString(directory.resolve(name + ".java"), SOURCE.formatted(name, constructor, body));
        Path parent = Files.writeString(
                directory.resolve("Parent.java"),
                "package mine; public class Parent { public static String NAME = \"orphan\"; }");
        String api = Path.of(SchedulerProvider.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
        int result = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "--release",
                        "17",
                        "-proc:none",
                        "-cp",
                        api,
                        "-d",
                        directory.toString(),
                        source.toString(),
                        parent.toString());
        assertThat(result).isZero();
    }

    private void services(String... classes) throws IOException {
        Path file = directory.resolve("META-INF/services/" + SchedulerProvider.class.getName());
        Files.createDirectories(file.getParent());
        Files.write(file, List.of(classes));
    }

    private static void makeNewerThanThisJvm(Path classFile) throws IOException {
        byte[] bytes = Files.readAllBytes(classFile);
        bytes[7] = (byte) 200; // JVMS section 4.1: the low byte of the major version
        Files.write(classFile, bytes);
    }
}
