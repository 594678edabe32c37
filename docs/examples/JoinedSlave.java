import io.bindlink.core.Bindlink;
import io.bindlink.core.JoinLine;
import io.bindlink.core.stream.Streams;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A slave that was told all it must know of its master on one line, in the file {@code join}. */
public final class JoinedSlave {
    private JoinedSlave() {}

    /**
     * Runs it.
     *
     * @param arguments not used
     * @throws Exception if the master is not reached
     */
    public static void main(String[] arguments) throws Exception {
        Streams streams = new Streams();
        JoinLine line = JoinLine.parse(Files.readString(Path.of("join")));
        try (Bindlink slave = Bindlink.slave()
                .join(line)
                .link("socks5://192.168.43.1:1080")
                .link("udp://" + line.master())
                .tun(streams)
                .start()) {
            slave.awaitUp(Duration.ofSeconds(10));
            System.out.println(slave.status().health());
        }
    }
}
