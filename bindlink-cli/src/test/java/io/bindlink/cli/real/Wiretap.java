package io.bindlink.cli.real;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A program in the field: carries one link's datagrams to and fro, keeps copies of them, and then turns on both ends:
 * noise, copies, copies cut short or altered, and what the first Bindlink sent, from addresses of its own and, towards the
 * slave, also from the one that the slave takes for its master's. Prints what it does; ends by itself.
 *
 * <pre>
 *   arguments: own address | own port | master's address | master's port | seconds to listen | datagrams to send
 * </pre>
 */
final class Wiretap {
    private static final int COPIES = 400; // of each direction
    private static final int SOCKETS = 50;
    private static final int BURST = 10;
    private static final long BURST_MILLIS = 5;
    private static final int MAX_BYTES = 1500;

    private final SplittableRandom random = new SplittableRandom(7);
    private final DatagramChannel towardsSlave;
    private final DatagramChannel towardsMaster;
    private final InetSocketAddress master;
    private final List<byte[]> fromSlave = new ArrayList<>();
    private final List<byte[]> fromMaster = new ArrayList<>();
    private @Nullable InetSocketAddress slave;
    private long answers;

    private Wiretap(InetSocketAddress own, InetSocketAddress master) throws IOException {
        this.master = master;
        towardsSlave = channel(own);
        towardsMaster = channel(null);
    }

    public static void main(String[] arguments) throws Exception {
        Wiretap tap = new Wiretap(
                new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])),
                new InetSocketAddress(arguments[2], Integer.parseInt(arguments[3])));
        System.out.println("listening");
        tap.carry(Long.parseLong(arguments[4]) * 1000);
        System.out.println("copied " + tap.fromSlave.size() + " and " + tap.fromMaster.size());
        tap.attack(Integer.parseInt(arguments[5]));
        System.out.println("answers " + tap.answers);
        tap.carry(60_000);
    }

    private static DatagramChannel channel(@Nullable InetSocketAddress local) throws IOException {
        DatagramChannel channel = DatagramChannel.open().bind(local);
        channel.configureBlocking(false);
        return channel;
    }

    private void carry(long millis) throws IOException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        try (Selector selector = Selector.open()) {
            towardsSlave.register(selector, SelectionKey.OP_READ);
            towardsMaster.register(selector, SelectionKey.OP_READ);
            while (System.nanoTime() < deadline) {
                selector.select(10);
                selector.selectedKeys().clear();
                carryWaiting();
            }
        }
    }

    private void carryWaiting() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(2048);
        for (var from = towardsSlave.receive(buffer); from != null; from = towardsSlave.receive(buffer)) {
            slave = (InetSocketAddress) from;
            pass(buffer, fromSlave, towardsMaster, master);
        }
        for (var from = towardsMaster.receive(buffer); from != null; from = towardsMaster.receive(buffer)) {
            pass(buffer, fromMaster, towardsSlave, slave);
        }
    }

    private static void pass(ByteBuffer buffer, List<byte[]> copies, DatagramChannel by, @Nullable InetSocketAddress to)
            throws IOException {
        buffer.flip();
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(0, copy);
        if (copies.size() < COPIES) {
            copies.add(copy);
        }
        if (to != null) {
            by.send(buffer, to);
        }
        buffer.clear();
    }

    private void attack(int count) throws Exception {
        List<DatagramChannel> strangers = new ArrayList<>();
        for (int i = 0; i < SOCKETS; i++) {
            strangers.add(channel(null));
        }
        for (int sent = 0; sent < count; sent++) {
            DatagramChannel stranger = strangers.get(random.nextInt(SOCKETS));
            boolean toMaster = slave == null || random.nextInt(3) > 0;
            DatagramChannel by = toMaster || random.nextBoolean() ? stranger : towardsSlave;
            by.send(ByteBuffer.wrap(hostile()), toMaster ? master : slave);
            if (sent % BURST == 0) {
                for (DatagramChannel each : strangers) {
                    countAnswers(each);
                }
                carryWaiting();
                Thread.sleep(BURST_MILLIS);
            }
        }
        Thread.sleep(200);
        for (DatagramChannel each : strangers) {
            countAnswers(each);
            each.close();
        }
    }

    private void countAnswers(DatagramChannel stranger) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(2048);
        while (stranger.receive(buffer.clear()) != null) {
            answers++;
        }
    }

    private byte[] hostile() {
        List<byte[]> copies = fromMaster.isEmpty() || random.nextBoolean() ? fromSlave : fromMaster;
        return switch (copies.isEmpty() ? random.nextInt(2) : random.nextInt(5)) {
            case 0 -> noise(random.nextInt(MAX_BYTES));
            case 1 -> ofTheFirstBindlink();
            case 2 -> copies.get(random.nextInt(copies.size())).clone();
            case 3 -> shortened(copies.get(random.nextInt(copies.size())));
            default -> altered(copies.get(random.nextInt(copies.size())).clone());
        };
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Four bytes, "BL", the kind and the link's id, then a bare IP packet. */
    private byte[] ofTheFirstBindlink() {
        byte[] bytes = noise(4 + 20 + random.nextInt(200));
        bytes[0] = 'B';
        bytes[1] = 'L';
        bytes[2] = (byte) (random.nextBoolean() ? 'D' : 'C');
        bytes[3] = (byte) (1 + random.nextInt(4));
        bytes[4] = 0x45;
        return bytes;
    }

    private byte[] shortened(byte[] copy) {
        return Arrays.copyOf(copy, random.nextInt(copy.length));
    }

    private byte[] altered(byte[] copy) {
        int flips = 1 + random.nextInt(3);
        for (int i = 0; i < flips; i++) {
            copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return copy;
    }
}
