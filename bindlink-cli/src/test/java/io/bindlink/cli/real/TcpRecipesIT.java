package io.bindlink.cli.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.real.Testbed.Side;
import io.bindlink.core.base.NeedsRealNetwork;
import io.bindlink.core.base.RealNetwork;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The recipes of docs/tcp-mode.md, word for word, in a world made to fit their addresses. */
@NeedsRealNetwork
@Timeout(180)
class TcpRecipesIT {
    private static final Pattern BLOCK = Pattern.compile("(?s)```sh\n(.*?)```");
    private static final Duration UP = Duration.ofSeconds(40);

    static Stream<String> recipes() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "tcp-mode.md"));
        List<String> blocks =
                BLOCK.matcher(page).results().map(block -> block.group(1)).toList();
        assertThat(blocks).hasSize(3);
        return blocks.stream();
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void recipeDoesAsWritten(String recipe, @TempDir Path directory) throws Exception {
        RealNetwork.assumeProgram("curl");
        String[] parts = recipe.split("(?m)^# ");
        assertThat(parts).as("nothing, server, van, window: %s", recipe).hasSize(4);
        Files.createSymbolicLink(directory.resolve("bindlink-cli.jar"), Testbed.jar());
        try (Testbed net = new Testbed(directory)) {
            Files.createLink(directory.resolve("bindlink.key"), net.key());
            net.hosts(Side.SLAVE, "10.80.0.1 server.example");
            net.hosts(Side.FIELD, "10.80.0.1 server.example");
            net.hosts(Side.MASTER, "10.80.0.1 intranet.example");
            net.shell(Side.FIELD, "ip addr add 192.168.43.1/24 dev link1; ip addr add 172.20.10.1/28 dev link2");
            net.shell(Side.SLAVE, "ip addr add 192.168.43.2/24 dev link1; ip addr add 172.20.10.2/28 dev link2");
            Phone.danted(net, "192.168.43.1", 1080);
            Phone.danted(net, "172.20.10.1", 9876);
            serve(net, 8000, 7);
            serve(net, 80, 8);
            net.script(Side.MASTER, directory, "# " + parts[1]).await("master listens", UP);
            net.script(Side.SLAVE, directory, "# " + parts[2]).await("session up", UP);
            Program window = net.script(Side.SLAVE, directory, "set -e\n# " + parts[3]);
            List<String> said = window.awaitEnd(UP);
            assertThat(window.exitCode()).as("%s", window).isZero();
            long commands =
                    parts[3].lines().filter(line -> line.startsWith("curl ")).count();
            assertThat(said.stream().filter(line -> line.contains("/picture/19")))
                    .hasSize((int) commands);
        }
    }

    private static void serve(Testbed net, int webPort, int echoPort) throws Exception {
        String[] command = {
            Testbed.java(), "-cp", Testbed.classes().toString(), WebServer.class.getName(), "" + webPort, "" + echoPort
        };
        net.start(Side.MASTER, command).await("ready", UP);
    }
}
