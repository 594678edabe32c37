package example.bond;

import io.bindlink.api.LinkStats;
import io.bindlink.api.Role;
import io.bindlink.api.Stats;
import io.bindlink.api.TunConfig;
import io.bindlink.core.Bindlink;
import io.bindlink.core.BindlinkBuilder;
import io.bindlink.core.PresharedKey;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One end of a bond with a real tun device and the multiplexer {@link XorParity}; it runs until its input ends. */
public final class TunNode {
    private static final int MTU_BYTES = 1_100; // with the parity's header in one datagram, on every path
    private static final int PORT = 4500;

    private TunNode() {}

    /**
     * Runs it.
     *
     * @param arguments the key's file; at a slave also the master's address
     * @throws Exception if it cannot start or the peer is not reached
     */
    public static void main(String[] arguments) throws Exception {
        boolean slave = arguments.length > 1;
        BindlinkBuilder builder = slave
                ? Bindlink.slave().link("udp://" + arguments[1] + ":" + PORT)
                : Bindlink.master().listen(new InetSocketAddress(PORT));
        TunConfig config = new TunConfig(
                slave ? Role.SLAVE : Role.MASTER, Optional.empty(), List.of(), MTU_BYTES, false, Map.of());
        try (Bindlink node = builder.key(PresharedKey.read(Path.of(arguments[0])))
                .tun("jna")
                .tun(config)
                .multiplexer("xor-parity")
                .start()) {
            node.awaitUp(Duration.ofSeconds(30));
            System.out.println("up");
            while (System.in.read() >= 0) {}
            print(node.stats());
        }
    }

    private static void print(Stats stats) {
        System.out.println("rebuilt " + stats.counter("xor_rebuilt"));
        System.out.println(
                "lost " + stats.links().stream().mapToLong(LinkStats::lostPackets).sum());
    }
}
