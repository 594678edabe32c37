package example.bond;

import io.bindlink.api.Arrival;
import io.bindlink.api.Delivery;
import io.bindlink.api.Link;
import io.bindlink.api.Multiplexer;
import io.bindlink.api.MultiplexerContext;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.spi.MultiplexerProvider;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * After every four packets it sends their parity, so that the receiver can rebuild any one of them that is lost, without a
 * round trip. Links take turns. The packets of a group are told by its number and their index in it:
 *
 * <pre>
 *  0  group    4
 *  4  index    1    0..3 a packet, 4 the parity
 *  5  length   2    of the packet   \ of these two the parity
 *  7  packet   n                    / is the exclusive or
 * </pre>
 */
public final class XorParity implements Multiplexer {
    private static final int GROUP = 4;
    private static final int HEADER_BYTES = 5;
    private static final int LENGTH_BYTES = 2;
    private static final int MAX_WAITING = 1_024; // packets: half a second and more of what a phone carries
    private static final int REMEMBERED_GROUPS = 256; // more than unequal links can mix up

    private final Queue<byte[]> waiting = new ArrayDeque<>();
    private final Group[] arriving = new Group[REMEMBERED_GROUPS];
    private Group sending = new Group(0);
    private MultiplexerContext context;
    private int turn;

    /** What is known of four packets and their parity, at either end. */
    private static final class Group {
        private final int number;
        private byte[] xor = new byte[0];
        private int members;
        private boolean rebuilt;

        Group(int number) {
            this.number = number;
        }

        void add(int index, byte[] bytes) {
            members |= 1 << index;
            xor = Arrays.copyOf(xor, Math.max(xor.length, bytes.length));
            for (int i = 0; i < bytes.length; i++) {
                xor[i] ^= bytes[i];
            }
        }

        int size() {
            return Integer.bitCount(members);
        }

        boolean has(int index) {
            return (members & 1 << index) != 0;
        }
    }

    /** Made for each session. */
    public XorParity() {}

    @Override
    public void start(MultiplexerContext started) {
        context = started;
    }

    @Override
    public void addLink(Link link) {}

    @Override
    public void removeLink(Link link) {}

    @Override
    public boolean send(Packet packet) {
        int length = packet.data().remaining();
        byte[] bytes = new byte[LENGTH_BYTES + length];
        ByteBuffer.wrap(bytes).putShort((short) length).put(packet.data());
        packet.release();
        if (waiting.size() >= MAX_WAITING) {
            context.count("xor_queue_full", 1);
            return true;
        }
        enqueue(sending.size(), bytes);
        sending.add(sending.size(), bytes);
        if (sending.size() == GROUP) {
            enqueue(GROUP, sending.xor);
            sending = new Group(sending.number + 1);
        }
        drain();
        return true;
    }

    private void enqueue(int index, byte[] bytes) {
        byte[] datagram = new byte[HEADER_BYTES + bytes.length];
        ByteBuffer.wrap(datagram).putInt(sending.number).put((byte) index).put(bytes);
        waiting.add(datagram);
    }

    private void drain() {
        while (!waiting.isEmpty() && transmit(waiting.peek())) {
            waiting.remove();
        }
    }

    private boolean transmit(byte[] datagram) {
        List<Link> links = context.links();
        for (int i = 0; i < links.size(); i++) {
            Link link = links.get((turn + i) % links.size());
            if (link.writable() && datagram.length <= link.maxPayloadBytes()) {
                turn = (turn + i + 1) % links.size();
                return link.send(ByteBuffer.wrap(datagram)) >= 0;
            }
        }
        return false;
    }

    @Override
    public void writable(Link link) {
        drain();
    }

    @Override
    public void stateChanged(Link link) {
        drain();
    }

    @Override
    public void received(Link link, Arrival arrival, ByteBuffer payload) {
        if (payload.remaining() < HEADER_BYTES + LENGTH_BYTES) {
            context.count("xor_malformed", 1);
            return;
        }
        Group group = arriving(payload.getInt());
        int index = payload.get();
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        if (index < 0 || index > GROUP || group.rebuilt || group.has(index)) {
            context.count("xor_unneeded", 1);
            return;
        }
        group.add(index, bytes);
        if (index < GROUP) {
            deliver(bytes);
        }
        if (group.size() == GROUP && group.has(GROUP)) {
            group.rebuilt = true;
            context.count("xor_rebuilt", 1);
            deliver(group.xor); // what is left of parity and three packets is the fourth
        }
    }

    private Group arriving(int number) {
        int slot = Math.floorMod(number, REMEMBERED_GROUPS);
        if (arriving[slot] == null || arriving[slot].number != number) {
            arriving[slot] = new Group(number);
        }
        return arriving[slot];
    }

    private void deliver(byte[] bytes) {
        int length = ByteBuffer.wrap(bytes).getShort() & 0xFFFF;
        if (length == 0 || length > bytes.length - LENGTH_BYTES) {
            context.count("xor_malformed", 1);
            return;
        }
        context.deliver(
                ByteBuffer.wrap(bytes, LENGTH_BYTES, length),
                PacketInfo.of(length, 0, Delivery.BEST_EFFORT, Offload.NONE));
    }

    @Override
    public void close() {
        waiting.clear(); // our own copies: every packet was released when it was taken
    }

    /** Makes it for {@code .multiplexer("xor-parity")}. */
    public static final class Provider implements MultiplexerProvider {
        /** Made by ServiceLoader. */
        public Provider() {}

        @Override
        public String name() {
            return "xor-parity";
        }

        @Override
        public int version() {
            return 1;
        }

        @Override
        public Multiplexer create(Map<String, String> options) {
            return new XorParity();
        }
    }
}
