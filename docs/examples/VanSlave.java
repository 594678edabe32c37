import io.bindlink.core.Bindlink;
import io.bindlink.core.PresharedKey;
import io.bindlink.core.stream.ByteStream;
import io.bindlink.core.stream.Streams;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Greets a master over two phones. */
public final class VanSlave {
    private VanSlave() {}

    /**
     * Runs it.
     *
     * @param arguments not used
     * @throws Exception if the master is not reached
     */
    public static void main(String[] arguments) throws Exception {
        byte[] hello = "hello from the van".getBytes(StandardCharsets.UTF_8);
        Streams streams = new Streams();
        try (Bindlink slave = Bindlink.slave()
                .key(PresharedKey.read(Path.of("bindlink.key")))
                .proxyTarget("server.example:4500")
                .link("socks5://192.168.43.1:1080")
                .link("socks5://172.20.10.1:9876")
                .tun(streams)
                .start()) {
            slave.awaitUp(Duration.ofSeconds(10));
            ByteStream stream = streams.open("greetings");
            stream.write(hello, 0, hello.length);
            stream.finish();
            stream.awaitEnd();
        }
    }
}
