package io.bindlink.cli.relaunch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
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

@EnabledOnOs(OS.LINUX)
class ClassArchiveTest {
    private static final String ENDED = "4194305"; // one more than Linux gives a process
    private static final String OURS = Long.toString(ProcessHandle.current().pid());

    @TempDir
    private Path directory;

    private Path jar;

    @BeforeEach
    void makeJar() throws IOException {
        jar = Files.createFile(directory.resolve("x.jar"));
    }

    @Test
    void firstProcessWritesDownItsClasses() throws IOException {
        List<String> options = options("7", "slave");
        assertThat(options).anyMatch(each -> each.matches("-XX:DumpLoadedClassList=/.*\\.7/classes"));
        assertThat(options)
                .contains("-D" + ClassArchive.UNFINISHED + "=" + named(options).getParent());
    }

    @Test
    void archiveMadeFromThatIsUsed() throws Exception {
        Path list = named(options(OURS, "slave"));
        Files.write(list, List.of("java/lang/Object", "java/lang/String", "java/util/ArrayList"));
        assertThat(ClassArchive.make(list.getParent(), jar.toString())).isTrue();
        List<String> options = options("8", "slave");
        assertThat(options).anyMatch(each -> each.matches("-XX:SharedArchiveFile=/.*\\.jsa"));
        assertThat(named(options)).isNotEmptyFile();
        assertThat(named(options).resolveSibling("libjnidispatch.so")).isNotEmptyFile();
        assertThat(folders()).containsExactly(named(options).getParent());
        assertThat(options("9", "master")).anyMatch(each -> each.startsWith("-XX:DumpLoadedClassList="));
        assertThat(named(options)).as("another command's stays").exists();
    }

    @Test
    void whoIsSecondTakesItsOwnAway() throws Exception {
        Path first = named(options(OURS, "slave"));
        Path second = named(options("1", "slave"));
        for (Path list : List.of(first, second)) {
            Files.write(list, List.of("java/lang/Object"));
        }
        assertThat(ClassArchive.make(first.getParent(), jar.toString())).isTrue();
        assertThatThrownBy(() -> ClassArchive.make(second.getParent(), jar.toString()))
                .isInstanceOf(FileSystemException.class);
        assertThat(folders()).hasSize(1);
        assertThat(options("8", "slave")).anyMatch(each -> each.startsWith("-XX:SharedArchiveFile="));
    }

    @Test
    void whatCannotBeMadeLeavesNothing() throws Exception {
        Path neverWritten = named(options(OURS, "slave"));
        assertThat(ClassArchive.make(neverWritten.getParent(), jar.toString())).isFalse();
        assertThat(folders()).isEmpty();
    }

    @Test
    void whatEndedProcessesLeftIsRemoved() throws IOException {
        Path left = Files.createFile(named(options(ENDED, "slave")));
        Path busy = Files.createFile(named(options(OURS, "slave")));
        options("8", "slave");
        assertThat(left.getParent()).doesNotExist();
        assertThat(busy).exists();
    }

    @Test
    void anotherJarAtItsPlaceHasAnother() throws IOException {
        String unfinished = named(options("8", "slave")).getParent().toString();
        Path old = Files.createDirectory(Path.of(unfinished.substring(0, unfinished.lastIndexOf('.'))));
        assertThat(named(options("8", "slave")).getParent()).isEqualTo(old);
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000_000_000));
        assertThat(options("8", "slave")).anyMatch(each -> each.startsWith("-XX:DumpLoadedClassList="));
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
        assertThat(ClassArchive.options(Map.of(), "slave")).isEmpty();
        assertThat(ClassArchive.options(Map.of("HOME", "relative"), "slave")).isEmpty();
        assertThat(ClassArchive.options(Map.of("HOME", "/dev/null"), "slave")).isEmpty();
        assertThat(ClassArchive.options(Map.of("HOME", directory + "/not there"), "slave"))
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

    private List<String> options(String process, String command) throws IOException {
        return new ClassArchive(directory, jar.toString(), command).options(process);
    }

    private List<Path> folders() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.equals(jar)).toList();
        }
    }

    /** The file that an option names. */
    private static Path named(List<String> options) {
        return Path.of(options.get(0).substring(options.get(0).indexOf('=') + 1));
    }
}
