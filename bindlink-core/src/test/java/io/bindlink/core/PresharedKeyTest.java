package io.bindlink.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.BindlinkException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PresharedKeyTest {
    private static final String TEXT = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    @TempDir
    private Path folder;

    @Test
    void aKeyIsReadAsItWasWritten() throws Exception {
        PresharedKey key = PresharedKey.generate();
        Path file = Files.writeString(folder.resolve("key"), key.text() + "\n");
        assertThat(PresharedKey.read(file)).isEqualTo(key).hasSameHashCodeAs(key);
        assertThat(PresharedKey.parse(TEXT).text()).isEqualTo(TEXT);
        assertThat(PresharedKey.generate()).isNotEqualTo(key);
    }

    @Test
    void aKeyDoesNotShowItself() {
        assertThat(PresharedKey.parse(TEXT)).hasToString("PresharedKey(hidden)");
    }

    @Test
    void whatIsNoKeyIsRefusedWithoutShowingIt() throws Exception {
        Path file = Files.writeString(folder.resolve("key"), "hunter2");
        assertThatThrownBy(() -> PresharedKey.read(file))
                .isInstanceOfSatisfying(
                        BindlinkException.class, e -> assertThat(e.code()).isEqualTo(BindlinkException.Code.CONFIG))
                .hasMessageStartingWith("key file " + file + ": ")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> PresharedKey.read(folder.resolve("none")))
                .hasMessage("key file " + folder.resolve("none") + " does not exist");
        Files.write(file, new byte[10_000]);
        assertThatThrownBy(() -> PresharedKey.read(file))
                .hasMessage("key file " + file + " cannot be read: it is too large to be one");
        assertThatThrownBy(() -> PresharedKey.read(folder)).isInstanceOf(BindlinkException.class);
        Files.write(file, new byte[] {(byte) 0xC3, 0x28});
        assertThatThrownBy(() -> PresharedKey.read(file)).hasMessage("key file " + file + " holds no text");
    }

    @Test
    void aFileThatOthersMayReadIsTold() throws Exception {
        Path file = Files.writeString(folder.resolve("key"), TEXT);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(PresharedKey.readableByOthers(file)).isFalse();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(PresharedKey.readableByOthers(file)).isTrue();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw----r--"));
        assertThat(PresharedKey.readableByOthers(file)).isTrue();
    }
}
