package io.bindlink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.BindlinkException;
import io.bindlink.core.Bindlink;
import io.bindlink.core.PresharedKey;
import io.bindlink.core.stream.Streams;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two slaves that share one key, as when a configuration was copied. */
@Timeout(60)
class SecondSlaveTest {
    @TempDir
    private Path directory;

    @Test
    void endsWithItsOwnCodeAndDoesNotDisturbTheFirst() throws Exception {
        Path keyFile = directory.resolve("key");
        assertThat(Invocation.of("genkey", "--out", keyFile.toString()).exitCode())
                .isZero();
        PresharedKey key = PresharedKey.read(keyFile);
        try (Bindlink master = Bindlink.master().key(key).tun(new Streams()).start()) {
            InetSocketAddress listening =
                    master.linkMap().startListener(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String target = "127.0.0.1:" + listening.getPort();
            try (Bindlink first = Bindlink.slave()
                    .key(key)
                    .tun(new Streams())
                    .link("udp://" + target)
                    .start()) {
                first.awaitUp(Duration.ofSeconds(20));
                Invocation second = Invocation.of(
                        "slave",
                        "--key-file",
                        keyFile.toString(),
                        "--targets",
                        target,
                        "--listen-tcp",
                        "0",
                        "--timeout",
                        "2");
                assertThat(second.err())
                        .isEqualToIgnoringNewLines(
                                "bindlink: refused: key in use: another slave is connected with this key");
                assertThat(second.exitCode()).isEqualTo(BindlinkException.Code.REFUSED.exitCode());
                assertThat(first.stats().sessions()).isEqualTo(1);
                assertThat(first.stats().sessionUp()).isTrue();
            }
        }
    }
}
