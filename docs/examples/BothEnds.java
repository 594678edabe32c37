import io.bindlink.core.Bindlink;
import io.bindlink.core.PresharedKey;
import io.bindlink.core.stream.ByteStream;
import io.bindlink.core.stream.Streams;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A master and a slave in one process, joined by two UDP links on loopback: the master shouts back what it hears. */
public final class BothEnds {
    private BothEnds() {}

    /**
     * Runs it.
     *
     * @param arguments not used
     * @throws Exception if the two do not find each other
     */
    public static void main(String[] arguments) throws Exception {
        PresharedKey key = PresharedKey.generate();
        Streams masterStreams = new Streams();
        Streams slaveStreams = new Streams();

        try (Bindlink master = Bindlink.master().key(key).tun(masterStreams).start()) {
            InetSocketAddress at =
                    master.linkMap().startListener(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Thread shouting = new Thread(() -> shoutBack(masterStreams), "shouting");
            shouting.start();

            try (Bindlink slave = Bindlink.slave()
                    .key(key)
                    .link("udp://127.0.0.1:" + at.getPort())
                    .link("udp://127.0.0.1:" + at.getPort() + "?from=127.0.0.2")
                    .tun(slaveStreams)
                    .listener(event -> System.out.println("slave: " + event))
                    .start()) {
                slave.awaitUp(Duration.ofSeconds(10));
                try (ByteStream stream = slaveStreams.open("shout")) {
                    write(stream, "is anybody there?");
                    stream.finish();
                    System.out.println(readAll(stream));
                }
            }
            shouting.join();
        }
    }

    private static void shoutBack(Streams streams) {
        try (ByteStream stream = streams.accept()) {
            write(stream, readAll(stream).toUpperCase(java.util.Locale.ROOT));
            stream.finish();
            stream.awaitEnd();
        } catch (IOException e) {
            System.out.println("nobody to shout at: " + e.getMessage());
        }
    }

    private static void write(ByteStream stream, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        stream.write(bytes, 0, bytes.length);
    }

    private static String readAll(ByteStream stream) throws IOException {
        byte[] bytes = new byte[1024];
        int length = 0;
        int n = 0;
        while (n >= 0) {
            length += n;
            n = stream.read(bytes, length, bytes.length - length);
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
