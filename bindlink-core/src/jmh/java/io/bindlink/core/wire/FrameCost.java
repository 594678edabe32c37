package io.bindlink.core.wire;

import io.bindlink.api.ControlPacket;
import io.bindlink.core.base.DropReason;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the frames of a full datagram cost: an acknowledgement of one link, and a payload. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FrameCost {
    private static final int FRAMES_BYTES = 1_440;

    /** Both ways of the codec. */
    @State(Scope.Thread)
    public static class Codec {
        private final ByteBuffer frames = ByteBuffer.allocate(FRAMES_BYTES);
        private final ByteBuffer payload = ByteBuffer.allocate(
                FRAMES_BYTES - FrameWriter.MIN_ACK_BYTES - 2 * Short.BYTES - FrameWriter.PAYLOAD_OVERHEAD_BYTES);
        private final AckBlock block = new AckBlock();
        private final FrameReader reader = new FrameReader();
        private final Sums sums = new Sums();

        /** Writes what is to be parsed. */
        public Codec() {
            block.linkId = 1;
            block.addRange(1, 1);
            write();
        }

        boolean write() {
            frames.clear();
            int start = FrameWriter.beginAck(frames);
            return FrameWriter.addAckBlock(frames, start, block)
                    && FrameWriter.endAck(frames, start)
                    && FrameWriter.payload(frames, payload);
        }
    }

    /** Adds up what it is told, so that reading it is not left out. */
    private static final class Sums implements FrameVisitor {
        private long sum;

        @Override
        public void onPayload(ByteBuffer payload) {
            sum += payload.remaining();
        }

        @Override
        public void onAck(AckBlock block) {
            sum += block.largest + block.settled;
        }

        @Override
        public void onLinkHorizon(int linkId, long lastNumberLow, long sentMicrosLow) {}

        @Override
        public void onLinkState(long sequence, int linkId, int flags) {}

        @Override
        public void onClose(int code, String reason) {}

        @Override
        public void onHandshake(int step, int receiver, ByteBuffer noiseMessage) {}

        @Override
        public void onControl(ControlPacket report) {}

        @Override
        public void onProbe(int token, ByteBuffer linkIds) {}

        @Override
        public void onProbeReply(int token, int linkId, int datagramBytes, long arrivalMicrosLow) {}

        @Override
        public void onPathChallenge(long token) {}

        @Override
        public void onPathResponse(long token) {}

        @Override
        public void onUnknown(int code, int lengthBytes) {}
    }

    /**
     * The frames written.
     *
     * @param codec where to
     * @return whether they fit
     */
    @Benchmark
    public boolean write(Codec codec) {
        return codec.write();
    }

    /**
     * The frames parsed.
     *
     * @param codec holds them
     * @return the sum of what was read so far
     */
    @Benchmark
    public long parse(Codec codec) {
        DropReason malformed = codec.reader.parse(codec.frames.rewind().limit(FRAMES_BYTES), codec.sums);
        return malformed == null ? codec.sums.sum : -1;
    }
}
