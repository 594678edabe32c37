package io.bindlink.core.stream;

import io.bindlink.api.Packet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;

/**
 * The way of one stream's messages into its flow: what was begun goes before what follows, and what a full flow does not
 * take is owed. Confined to the stream's writing lock, but for what says otherwise.
 */
final class Outbound {
    /** There was nothing to read into. */
    static final int NO_BUFFER = -2;

    private static final byte[] NOTHING = {};

    private final Streams device;
    private final ByteStream stream;
    private byte[] leftover = NOTHING; // read from a channel, but the flow was full

    // What to say, set by any thread and cleared under the writing lock
    private volatile boolean owesOpen;
    private volatile boolean owesAccept;
    private volatile boolean owesFin;

    Outbound(Streams device, ByteStream stream) {
        this.device = device;
        this.stream = stream;
    }

    void oweOpen() {
        owesOpen = true;
    }

    void oweAccept() {
        owesAccept = true;
    }

    void oweFin() {
        owesFin = true;
    }

    /** Whether something is to be said. From any thread; what is set under way may be seen late. */
    boolean owes() {
        return owesOpen || owesAccept || owesFin || leftover.length > 0;
    }

    /** Says all that is owed, in its order; false when the flow does not take all of it now. */
    boolean sendOwed() throws IOException {
        if (!sendBefore()) {
            return false;
        }
        if (owesFin) {
            if (!send(StreamMessages::writeFin)) {
                return false;
            }
            owesFin = false;
            stream.handleFinSent();
        }
        return true;
    }

    /** Says what is owed and goes before further bytes. */
    boolean sendBefore() throws IOException {
        if (owesOpen) {
            if (!send(out -> StreamMessages.writeOpen(out, stream.name()))) {
                return false;
            }
            owesOpen = false;
        }
        if (owesAccept) {
            if (!send(StreamMessages::writeAccept)) {
                return false;
            }
            owesAccept = false;
        }
        if (leftover.length > 0) {
            if (!sendData(ByteBuffer.wrap(leftover))) {
                return false;
            }
            leftover = NOTHING;
        }
        return true;
    }

    /** Sends bytes, no more than a piece; false when the flow takes none now, and they are untouched. */
    boolean sendPiece(ByteBuffer source) throws IOException {
        int length = Math.min(source.remaining(), stream.pieceBytes());
        if (!sendData(source.slice(source.position(), length))) {
            return false;
        }
        source.position(source.position() + length);
        return true;
    }

    private boolean sendData(ByteBuffer bytes) throws IOException {
        return send(out -> {
            StreamMessages.beginData(out);
            out.put(bytes.duplicate());
        });
    }

    /** Reads a piece from a channel and sends it; what the flow does not take of it is owed. Its end is -1. */
    int transferFrom(ReadableByteChannel source) throws IOException {
        Packet packet = device.sink().acquire();
        if (packet == null) {
            return NO_BUFFER;
        }
        boolean taken = false;
        try {
            ByteBuffer data = packet.data();
            StreamMessages.beginData(data);
            data.limit(Math.min(data.capacity(), data.position() + stream.pieceBytes()));
            int count = source.read(data);
            if (count <= 0) {
                return count;
            }
            data.flip();
            taken = device.submit(packet, stream.number());
            if (!taken) {
                int from = data.arrayOffset() + StreamMessages.DATA_OVERHEAD;
                leftover = Arrays.copyOfRange(data.array(), from, from + count);
            }
            return count;
        } finally {
            if (!taken) {
                packet.release();
            }
        }
    }

    /** Writes the messages of a packet. */
    private interface Message {
        void write(ByteBuffer out);
    }

    private boolean send(Message message) throws IOException {
        Packet packet = device.sink().acquire();
        if (packet == null) {
            return false;
        }
        boolean taken = false;
        try {
            message.write(packet.data());
            packet.data().flip();
            taken = device.submit(packet, stream.number());
            return taken;
        } finally {
            if (!taken) {
                packet.release();
            }
        }
    }
}
