package io.bindlink.cli.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Role;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlPlaceTest {
    private static final String GONE = "4194305"; // one more than Linux gives a process

    @TempDir
    private Path directory;

    @Test
    void newNodeRemovesWhatKilledOnesLeft() throws Exception {
        Path left = Files.createFile(directory.resolve("slave-" + GONE + ".sock"));
        Path ofALiveOne = Files.createFile(
                directory.resolve("slave-" + ProcessHandle.current().pid() + ".sock"));
        Path ofTheUser = Files.createFile(directory.resolve("my-own.sock"));
        Path answered = directory.resolve("master-" + GONE + ".sock"); // of a process that is not seen from here
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(answered));
            new ControlPlace(Map.of("RUNTIME_DIRECTORY", directory.toString()), System.getProperty("user.name"))
                    .forNode(Role.MASTER);
            assertThat(left).doesNotExist();
            assertThat(ofALiveOne).exists();
            assertThat(ofTheUser).exists();
            assertThat(answered).exists();
        }
    }
}
