package io.bindlink.cli.real;

import static io.bindlink.cli.real.Testbed.INNER_MASTER;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.real.Testbed.Side;
import io.bindlink.core.base.NeedsRealNetwork;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The README's third block, word for word, in a world made to fit its addresses. */
@NeedsRealNetwork
@Timeout(120)
class ReadmeIT {
    private static final Pattern BLOCK = Pattern.compile("(?s)```sh\n(.*?)```");
    private static final Duration UP = Duration.ofSeconds(40);

    @Test
    void keyMasterAndSlaveWithPhonesAsWritten(@TempDir Path directory) throws Exception {
        String readme = Files.readString(Path.of("..", "README.md"));
        List<MatchResult> blocks = BLOCK.matcher(readme).results().toList();
        assertThat(blocks).hasSizeGreaterThanOrEqualTo(3);
        String block = blocks.get(2).group(1);
        String[] parts = block.split("(?m)^# ");
        assertThat(parts)
                .as("nothing, the server's part, the van's part: %s", block)
                .hasSize(3);
        assertThat(parts[1]).startsWith("on the server");
        assertThat(parts[2]).startsWith("in the van");
        Files.createSymbolicLink(directory.resolve("bindlink-cli.jar"), Testbed.jar());
        try (Testbed net = new Testbed(directory)) {
            net.hosts(Side.SLAVE, "10.80.0.1 server.example");
            net.hosts(Side.FIELD, "10.80.0.1 server.example");
            net.shell(Side.FIELD, "ip addr add 192.168.43.1/24 dev link1; ip addr add 172.20.10.1/28 dev link2");
            net.shell(Side.SLAVE, "ip addr add 192.168.43.2/24 dev link1; ip addr add 172.20.10.2/28 dev link2");
            Phone.danted(net, "192.168.43.1", 1080);
            Phone.danted(net, "172.20.10.1", 9876);
            Program master = net.script(Side.MASTER, directory, "# " + parts[1]);
            master.await("master listens", UP);
            Program slave = net.script(Side.SLAVE, directory, "# " + parts[2]);
            for (int link : new int[] {1, 2}) {
                slave.await("link " + link + " .* -> UP", UP);
            }
            net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
            assertThat(List.of(master, slave)).allMatch(Program::isAlive);
        }
    }
}
