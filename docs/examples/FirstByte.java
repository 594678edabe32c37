import io.bindlink.core.Bindlink;
import io.bindlink.core.PresharedKey;
import io.bindlink.core.stream.ByteStream;
import io.bindlink.core.stream.Streams;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Both ends of a bond in one program, and one byte from one to the other. */
public final class FirstByte {
    private FirstByte() {}

    /**
     * Runs it.
     *
     * @param arguments not used
     * @throws Exception if the two do not find each other
     */
    public static void main(String[] arguments) throws Exception {
        PresharedKey key = PresharedKey.generate();
        Streams atMaster = new Streams();
        Streams atSlave = new Streams();
        try (Bindlink master = Bindlink.master().key(key).tun(atMaster).start()) {
            InetSocketAddress at = master.linkMap().startListener(new InetSocketAddress("127.0.0.1", 0));
            try (Bindlink slave = Bindlink.slave()
                    .key(key)
                    .tun(atSlave)
                    .link("udp://127.0.0.1:" + at.getPort())
                    .link("udp://127.0.0.1:" + at.getPort() + "?from=127.0.0.2")
                    .start()) {
                slave.awaitUp(Duration.ofSeconds(10));
                try (ByteStream stream = atSlave.open("hello");
                        ByteStream heard = atMaster.accept()) {
                    stream.write(new byte[] {42}, 0, 1);
                    byte[] came = new byte[1];
                    heard.read(came, 0, 1);
                    System.out.println("the first bonded byte: " + came[0]);
                }
            }
        }
    }
}
