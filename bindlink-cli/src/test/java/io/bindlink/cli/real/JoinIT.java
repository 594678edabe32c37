package io.bindlink.cli.real;

import static io.bindlink.cli.real.Testbed.INNER_MASTER;
import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.real.Testbed.Side;
import io.bindlink.core.base.NeedsRealNetwork;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From nothing but the jar to a bond: what the master prints is all that the slave is told. */
@NeedsRealNetwork
@Timeout(120)
class JoinIT {
    private static final Duration UP = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    @Test
    void masterWithoutAKeyMakesOneAndTheSlaveNeedsOneLine() throws Exception {
        try (Testbed net = new Testbed(directory)) {
            Program master = master(net);
            String line = master.await("bindlink-cli slave --join ", UP).text();
            assertThat(line).matches("bindlink-cli slave --join bindlink://10\\.80\\.0\\.1:4500/[A-Za-z0-9_-]{48}");
            String secret = line.substring(line.lastIndexOf('/') + 1);
            Path key = directory.resolve("state/master.key");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key.getParent())))
                    .isEqualTo("rwx------");

            Path file = Files.writeString(directory.resolve("line"), line + "\n");
            Testbed.ownerOnly(file);
            Program byFile = net.bindlink(Side.SLAVE, "slave", "--join-file", file.toString());
            byFile.await("link 1 .* -> UP", UP);
            net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
            assertThat(net.shell(null, "ps -eo args")).doesNotContain(secret);
            stopped(byFile, secret);

            Program byInput = shell(
                    net, "exec java -jar " + Testbed.jar() + " slave --join-file - --targets 10.80.0.1:4500 < " + file);
            byInput.await("link 1 .* -> UP", UP);
            assertThat(net.shell(null, "ps -eo args")).doesNotContain(secret);
            stopped(byInput, secret);
            Program byVariable =
                    shell(net, "BINDLINK_JOIN=\"$(cat " + file + ")\" exec java -jar " + Testbed.jar() + " slave");
            byVariable.await("link 1 .* -> UP", UP);
            assertThat(net.shell(null, "ps -eo args")).doesNotContain(secret);
            stopped(byVariable, secret);
            Program byArgument = shell(net, "exec java -jar " + Testbed.jar() + " " + line.replaceFirst("\\S+ ", ""));
            byArgument.await("link 1 .* -> UP", UP);
            net.awaitPing(Side.SLAVE, INNER_MASTER, UP);
            stopped(byArgument, secret);

            master.stop();
            assertThat(String.join("\n", master.output()).split(secret, -1)).hasSize(2); // printed once, logged nowhere
            Program again = master(net);
            assertThat(again.await("bindlink-cli slave --join ", UP).text()).isEqualTo(line);
        }
    }

    private static void stopped(Program slave, String secret) throws Exception {
        slave.stop();
        assertThat(slave.exitCode()).isZero();
        assertThat(String.join("\n", slave.output())).doesNotContain(secret);
    }

    private Program master(Testbed net) throws Exception {
        return net.start(
                Side.MASTER,
                "env",
                "STATE_DIRECTORY=" + directory.resolve("state"),
                Testbed.java(),
                "-jar",
                Testbed.jar().toString(),
                "master");
    }

    private static Program shell(Testbed net, String line) throws Exception {
        return net.start(Side.SLAVE, "sh", "-c", line);
    }
}
