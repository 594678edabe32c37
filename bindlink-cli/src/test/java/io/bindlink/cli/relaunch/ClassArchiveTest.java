package io.bindlink.cli.relaunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@EnabledOnOs(OS.LINUX)
class ClassArchiveTest {
    private static final String ENDED = "4194305"; // one more than Linux gives a process
    private static final byte[] WHOLE = {1, 2, 3, 4, 5};
    private static final byte[] HALF = {0, 0, 0, 0, 5};

    @TempDir
    private Path directory;

    private Path jar;

    @BeforeEach
    void makeJar() throws IOException {
        jar = Files.createFile(directory.resolve("x.jar"));
    }

    @Test
    void firstProcessWritesAFileOfItsOwn() throws IOException {
        assertThat(options("7", "b")).anyMatch(each -> each.matches("-XX:ArchiveClassesAtExit=/.*\\.jsa\\.7\\.b"));
    }

    @Test
    void laterOneUsesWhatAnEndedOneLeft() throws IOException {
        Files.write(written(options(ENDED, "b")), WHOLE);
        List<String> options = options("8", "b");
        assertThat(options).anyMatch(each -> each.matches("-XX:SharedArchiveFile=/.*\\.jsa"));
        assertThat(Files.readAllBytes(written(options))).isEqualTo(WHOLE);
        assertThat(options("9", "another")).isEqualTo(options);
        assertThat(archives()).isOne();
    }

    @ParameterizedTest
    @CsvSource({"half, b", "whole, another"})
    void whatMayBeIncompleteIsRemoved(String size, String boot) throws IOException {
        Path file = written(options(ENDED, boot));
        Files.write(file, size.equals("half") ? HALF : WHOLE);
        assertThat(options("8", "b")).anyMatch(each -> each.startsWith("-XX:ArchiveClassesAtExit="));
        assertThat(file).doesNotExist();
    }

    @Test
    void whatIsBeingWrittenIsLeftAlone() throws IOException {
        Path file = written(options(Long.toString(ProcessHandle.current().pid()), "b"));
        Files.write(file, HALF);
        assertThat(options("8", "b")).anyMatch(each -> each.startsWith("-XX:ArchiveClassesAtExit="));
        assertThat(file).hasBinaryContent(HALF);
    }

    @Test
    void anotherJarAtItsPlaceHasAnother() throws IOException {
        Files.write(written(options(ENDED, "b")), WHOLE);
        Path old = written(options("8", "b"));
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000_000_000));
        assertThat(options("8", "b")).anyMatch(each -> each.startsWith("-XX:ArchiveClassesAtExit="));
        assertThat(old).doesNotExist();
    }

    @Test
    void variablesNameTheFolder() throws IOException {
        assertThat(ClassArchive.directory(Map.of("HOME", folder("h").toString())))
                .isEqualTo(directory.resolve("h/.cache/bindlink"));
        assertThat(ClassArchive.directory(
                        Map.of("HOME", "/", "XDG_CACHE_HOME", folder("x").toString())))
                .isEqualTo(directory.resolve("x/bindlink"));
        assertThat(ClassArchive.directory(Map.of(
                        "XDG_CACHE_HOME", "/", "CACHE_DIRECTORY", folder("c").toString())))
                .isEqualTo(directory.resolve("c"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("x/bindlink"))))
                .isEqualTo("rwx------");
    }

    @Test
    void noFolderIsNoError() {
        assertThat(ClassArchive.options(Map.of())).isEmpty();
        assertThat(ClassArchive.options(Map.of("HOME", "relative"))).isEmpty();
        assertThat(ClassArchive.options(Map.of("HOME", "/dev/null"))).isEmpty();
        assertThat(ClassArchive.options(Map.of("HOME", directory + "/not there")))
                .isEmpty();
    }

    @Test
    void folderOfOthersIsNotTrusted() throws IOException {
        Path open = folder("open");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxr-x"));
        assertThat(ClassArchive.directory(Map.of("HOME", open.toString()))).isNull();
        Path within = folder("home");
        Path below = Files.createDirectories(within.resolve(".cache/bindlink"));
        Files.setPosixFilePermissions(below, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(ClassArchive.directory(Map.of("HOME", within.toString()))).isNull();
    }

    private Path folder(String name) throws IOException {
        Path folder = Files.createDirectory(directory.resolve(name));
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private List<String> options(String process, String boot) throws IOException {
        return new ClassArchive(directory, jar.toString(), boot).options(process);
    }

    private long archives() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().contains(".jsa")).count();
        }
    }

    /** The file that an option names. */
    private static Path written(List<String> options) {
        return Path.of(options.get(0).substring(options.get(0).indexOf('=') + 1));
    }
}
