package example.bond;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bindlink.api.Event;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkStats;
import io.bindlink.api.Role;
import io.bindlink.api.Stats;
import io.bindlink.api.TunConfig;
import io.bindlink.core.Bindlink;
import io.bindlink.core.PresharedKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Both ends in one program, over two real UDP links on loopback. */
@Timeout(60)
class BothEndsTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int PACKETS = 200;

    private final PresharedKey key = PresharedKey.generate();
    private final BlockingQueue<Event> heard = new LinkedBlockingQueue<>();

    @Test
    void theLibraryIsUsedAsTheBuildSays() {
        boolean named = Boolean.getBoolean("example.module");
        assertEquals(named, Bindlink.class.getModule().isNamed());
        assertEquals(named, CheapestUp.class.getModule().isNamed());
    }

    @Test
    void theCheapestLinkThatIsUpCarriesEverything() throws Exception {
        try (Bindlink master = master("left", "bonding");
                Bindlink slave = slave(master, "right", "bonding")) {
            slave.awaitUp(LONG);
            master.awaitUp(LONG);
            awaitStats(slave, stats -> stats.links().stream().allMatch(link -> link.state() == LinkState.UP));
            assertNotNull(heard.poll(LONG.toSeconds(), TimeUnit.SECONDS), "an event");

            exchange("right", "left");
            List<LinkStats> links = slave.stats().links();
            awaitStats(slave, stats -> stats.links().get(0).sentPackets() >= PACKETS);
            assertTrue(links.get(1).sentPackets() < PACKETS, "probes alone on the dearer link: " + links);

            slave.linkMap().links().get(0).pause();
            awaitStats(slave, stats -> stats.links().get(0).state() == LinkState.PAUSED);
            exchange("right", "left");
            awaitStats(slave, stats -> stats.links().get(1).sentPackets() >= PACKETS);
        }
        Event last = null;
        while (!(last instanceof Event.Closed)) {
            last = heard.poll(LONG.toSeconds(), TimeUnit.SECONDS);
            assertNotNull(last, "the last event");
        }
        assertTrue(Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("bindlink-")));
    }

    @Test
    void aMultiplexerOfOnesOwnCarriesThemBothWays() throws Exception {
        try (Bindlink master = master("up", "xor-parity");
                Bindlink slave = slave(master, "down", "xor-parity")) {
            slave.awaitUp(LONG);
            master.awaitUp(LONG);
            exchange("up", "down");
            exchange("down", "up");
            awaitStats(slave, stats -> stats.links().stream().allMatch(link -> link.receivedPackets() > 0));
        }
    }

    private Bindlink master(String device, String multiplexer) {
        return Bindlink.master()
                .key(key)
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .tun("memory")
                .tun(config(Role.MASTER, device))
                .multiplexer(multiplexer)
                .scheduler("cheapest-up")
                .start();
    }

    private Bindlink slave(Bindlink master, String device, String multiplexer) throws Exception {
        InetSocketAddress second =
                master.linkMap().startListener(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return Bindlink.slave()
                .key(key)
                .link("udp://127.0.0.1:" + second.getPort())
                .link("udp://127.0.0.1:" + second.getPort() + "?from=127.0.0.2")
                .tun("memory")
                .tun(config(Role.SLAVE, device))
                .multiplexer(multiplexer)
                .scheduler("cheapest-up")
                .listener(heard::add)
                .start();
    }

    private static TunConfig config(Role role, String device) {
        return new TunConfig(role, Optional.of(device), List.of(), 1_000, false, Map.of());
    }

    /** Sends packets from one device until each has come out of the other. */
    private static void exchange(String from, String to) throws InterruptedException {
        for (int number = 0; number < PACKETS; number++) {
            byte[] sent = packet(number);
            byte[] came = null;
            while (came == null || ByteBuffer.wrap(came).getInt(28) != number) { // 0: an earlier one that was repaired
                if (came == null) {
                    MemoryTun.Provider.opened(from).out.add(sent);
                }
                came = MemoryTun.Provider.opened(to).in.poll(1, TimeUnit.SECONDS);
            }
            assertArrayEquals(sent, came);
        }
    }

    /** An IPv4 packet with UDP in it. */
    private static byte[] packet(int number) {
        int size = 100 + number;
        ByteBuffer packet = ByteBuffer.allocate(size);
        packet.put(0, (byte) 0x45).putShort(2, (short) size).put(8, (byte) 64).put(9, (byte) 17);
        packet.putInt(12, 0x0A0A0A01).putInt(16, 0x0A0A0A02);
        packet.putShort(20, (short) 4000).putShort(22, (short) 4001).putShort(24, (short) (size - 20));
        return packet.putInt(28, number).array();
    }

    private static void awaitStats(Bindlink node, Predicate<Stats> wanted) throws InterruptedException {
        for (int i = 0; !wanted.test(node.stats()); i++) {
            assertTrue(i < 500, () -> "not reached: " + node.stats());
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
