package io.bindlink.core.sim;

import io.bindlink.api.Multiplexer;
import io.bindlink.api.MultiplexerContext;
import io.bindlink.api.spi.MultiplexerProvider;
import io.bindlink.core.mux.BondingProvider;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stands around the default multiplexer of both ends and sees when a packet of a flow arrives in a datagram and when it goes
 * out to the device: what lies between is the wait for order. Knows the simulated applications' packets by their port and
 * number, and sees a packet that was cut by its first part. Confined to its bond.
 */
final class TransitMeter implements MultiplexerProvider {
    private static final int MOST_HEADER_BYTES = 40; // of the multiplexer's, before the packet
    private static final int LEAST_DATA_BYTES = 400; // acknowledgements are shorter
    private static final int TCP_PAYLOAD_OFFSET = 52;
    private static final byte IPV4 = 0x45;
    private static final byte TCP = 6;

    private final MultiplexerProvider provider = new BondingProvider();
    private final Map<Long, Long> arrivals = new HashMap<>(); // by number; never iterated
    private final int port;
    private @Nullable SimBond bond;
    private long packets;
    private double wayNanosSum;
    private double waitNanosSum;

    /** Looks at the packets for a port. */
    TransitMeter(int port) {
        this.port = port;
    }

    /** Forgets what was measured. */
    void measure() {
        packets = 0;
        wayNanosSum = 0;
        waitNanosSum = 0;
    }

    /** From the sender's device to the receiver's multiplexer, on average. */
    double meanWayNanos() {
        return packets == 0 ? 0 : wayNanosSum / packets;
    }

    /** From there to the receiver's device, on average. */
    double meanWaitNanos() {
        return packets == 0 ? 0 : waitNanosSum / packets;
    }

    /** Whose clock it goes by, once there is one. */
    void bond(SimBond madeWithThis) {
        bond = madeWithThis;
    }

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public int version() {
        return provider.version();
    }

    @Override
    public Multiplexer create(Map<String, String> options) {
        Multiplexer inner = provider.create(options);
        return around(Multiplexer.class, inner, (method, arguments) -> {
            if (method.equals("start")) {
                arguments[0] = context((MultiplexerContext) arguments[0]);
            } else if (method.equals("received")) {
                onReceived((ByteBuffer) arguments[2]);
            }
        });
    }

    private MultiplexerContext context(MultiplexerContext inner) {
        return around(MultiplexerContext.class, inner, (method, arguments) -> {
            if (method.equals("deliver")) {
                onDelivered((ByteBuffer) arguments[0]);
            }
        });
    }

    private void onReceived(ByteBuffer payload) {
        int last = Math.min(payload.position() + MOST_HEADER_BYTES, payload.limit() - MOST_HEADER_BYTES);
        for (int i = payload.position(); i < last; i++) {
            long number = payload.get(i) == IPV4 ? number(payload, i) : -1;
            if (number >= 0) {
                arrivals.putIfAbsent(number, now());
                return;
            }
        }
    }

    private void onDelivered(ByteBuffer packet) {
        long number = number(packet, packet.position());
        Long arrived = number < 0 ? null : arrivals.remove(number);
        if (arrived != null) {
            packets++;
            waitNanosSum += now() - arrived;
            int offset = packet.position() + payloadOffset(packet, packet.position());
            wayNanosSum += arrived - packet.getLong(offset + Long.BYTES);
        }
    }

    private long now() {
        return bond == null ? 0 : bond.nowNanos();
    }

    /** The number of a data packet that begins at an index; -1 when none does. */
    private long number(ByteBuffer bytes, int index) {
        if (bytes.limit() < index + MOST_HEADER_BYTES || bytes.getShort(index + 2) < LEAST_DATA_BYTES) {
            return -1;
        }
        int offset = index + payloadOffset(bytes, index);
        boolean ours = bytes.limit() >= offset + Payload.HEADER_BYTES
                && bytes.getShort(index + Ipv4.HEADER_BYTES) == (short) port
                && bytes.getShort(index + Ipv4.HEADER_BYTES + 2) == (short) port;
        return ours ? bytes.getLong(offset) : -1;
    }

    private static int payloadOffset(ByteBuffer bytes, int index) {
        return bytes.get(index + 9) == TCP ? TCP_PAYLOAD_OFFSET : Ipv4.UDP_HEADER_BYTES;
    }

    /** Hears of a call before it is made. */
    @FunctionalInterface
    private interface Ear {
        void onCall(String method, Object[] arguments);
    }

    private static <T> T around(Class<T> type, T inner, Ear ear) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (arguments != null) {
                ear.onCall(method.getName(), arguments);
            }
            try {
                return method.invoke(inner, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
