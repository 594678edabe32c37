package io.bindlink.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.LinkUri;
import io.bindlink.api.Multiplexer;
import io.bindlink.api.spi.MultiplexerProvider;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.function.Supplier;

/** Both ends of a bond over loopback, and its devices. */
record LoopbackBond(Bindlink master, MemoryDevice atMaster, Bindlink slave, MemoryDevice atSlave)
        implements AutoCloseable {
    /** What a test's slave has of its own. */
    interface Settings {
        void apply(BindlinkBuilder slave);
    }

    static LoopbackBond start(PresharedKey key, Settings settings) throws IOException {
        MemoryDevice atMaster = new MemoryDevice();
        MemoryDevice atSlave = new MemoryDevice();
        Bindlink master = Bindlink.master().key(key).tun(atMaster).start();
        InetSocketAddress at =
                master.linkMap().startListener(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        BindlinkBuilder slave = Bindlink.slave().key(key).tun(atSlave).link(LinkUri.udp("127.0.0.1", at.getPort()));
        settings.apply(slave);
        return new LoopbackBond(master, atMaster, slave.start(), atSlave);
    }

    /** Sends a packet to the master until it has come. */
    void exchange(int number) throws InterruptedException {
        byte[] packet = MemoryDevice.packet(number, 200);
        byte[] came = null;
        while (came == null) {
            atSlave.inject(packet);
            came = atMaster.awaitPacket(1);
        }
        assertThat(came).isEqualTo(packet);
        while (atMaster.awaitPacket(0) != null) {} // what was sent again
    }

    @Override
    public void close() {
        slave.close();
        master.close();
    }

    /** A provider for a slave's own multiplexers: the master takes them for the default one. */
    static MultiplexerProvider provider(Supplier<Multiplexer> maker) {
        return new MultiplexerProvider() {
            @Override
            public String name() {
                return "bonding";
            }

            @Override
            public int version() {
                return 1;
            }

            @Override
            public Multiplexer create(Map<String, String> options) {
                return maker.get();
            }
        };
    }

    /** A multiplexer that does something before one of its methods. */
    static Multiplexer doing(Runnable something, String method) {
        Multiplexer multiplexer = new OneLinkMultiplexer();
        return (Multiplexer) Proxy.newProxyInstance(
                Multiplexer.class.getClassLoader(), new Class<?>[] {Multiplexer.class}, (proxy, called, arguments) -> {
                    if (called.getName().equals(method)) {
                        something.run();
                    }
                    try {
                        return called.invoke(multiplexer, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
