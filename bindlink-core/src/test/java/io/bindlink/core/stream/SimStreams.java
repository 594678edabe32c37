package io.bindlink.core.stream;

import io.bindlink.api.Delivery;
import io.bindlink.api.Offload;
import io.bindlink.api.Packet;
import io.bindlink.api.PacketInfo;
import io.bindlink.api.PacketSink;
import io.bindlink.core.sim.PacketReceiver;
import io.bindlink.core.sim.SimEnd;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/** A device for streams behind a simulated end: a process of its own, to be made anew after a restart. */
final class SimStreams implements PacketSink {
    final Streams streams;
    private final SimEnd end;
    private final Map<Integer, Queue<ByteBuffer>> refused = new HashMap<>();

    /** A device for streams with numbers up to a last one. No session is up. */
    SimStreams(SimEnd end, int lastNumber) {
        this.end = end;
        this.streams = new Streams("simulated", Streams.DEFAULT_PIECE_BYTES, lastNumber);
        streams.begin(this);
        for (int number = 1; number <= lastNumber; number++) {
            attach(number);
        }
    }

    /** To be called when the bond is up; it does not tell by itself. */
    SimStreams sessionStarted() {
        streams.sessionStarted(end.role());
        return this;
    }

    private void attach(int number) {
        end.attach(number, new PacketReceiver() {
            @Override
            public void handlePacket(ByteBuffer packet, long nowNanos) {
                if (!refused.containsKey(number) && streams.send(packet.duplicate(), info(packet, number))) {
                    return;
                }
                refused.computeIfAbsent(number, n -> new ArrayDeque<>()).add(packet);
            }

            @Override
            public void handleAccepting(long nowNanos) {
                streams.accepting(number);
            }

            @Override
            public void handleSessionEnded(long nowNanos) {
                refused.remove(number);
                streams.sessionEnded();
            }
        });
    }

    @Override
    public Packet acquire() {
        ByteBuffer data = ByteBuffer.allocate(65_535);
        return new Packet() {
            @Override
            public ByteBuffer data() {
                return data;
            }

            @Override
            public PacketInfo info() {
                throw new UnsupportedOperationException();
            }

            @Override
            public void release() {}
        };
    }

    @Override
    public boolean submit(Packet packet, int flow, Delivery delivery, Offload offload) {
        return end.send(packet.data().duplicate(), flow, delivery);
    }

    @Override
    public void writable(int flow) {
        Queue<ByteBuffer> waiting = refused.get(flow);
        while (waiting != null && streams.send(waiting.peek().duplicate(), info(waiting.peek(), flow))) {
            waiting.remove();
            if (waiting.isEmpty()) {
                refused.remove(flow);
                return;
            }
        }
    }

    private static PacketInfo info(ByteBuffer packet, int flow) {
        return PacketInfo.of(packet.remaining(), flow, Delivery.RELIABLE, Offload.NONE);
    }
}
