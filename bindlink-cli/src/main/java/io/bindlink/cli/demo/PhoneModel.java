package io.bindlink.cli.demo;

import io.bindlink.core.sim.LinkModel;
import java.time.Duration;
import java.util.Locale;

/**
 * A phone's mobile connection, alike in both directions. Immutable.
 *
 * @param name what people see
 * @param rateMbit capacity in millions of bits per second, IP and UDP headers included
 * @param roundTripMillis delay there and back, without queues
 * @param jitterMillis one-way delay varies by up to this, up and down
 * @param loss probability of losing a packet, 0..1
 * @param queueMillis how long a full queue delays; 0: what {@link LinkModel} has when nothing is said
 */
record PhoneModel(String name, double rateMbit, int roundTripMillis, int jitterMillis, double loss, int queueMillis) {
    /** Bytes by which a phone's frames are longer than the datagrams they stand for. */
    private static final int TAG_BYTES = Integer.BYTES;

    /** One with a queue of the usual length. */
    PhoneModel(String name, double rateMbit, int roundTripMillis, int jitterMillis, double loss) {
        this(name, rateMbit, roundTripMillis, jitterMillis, loss, 0);
    }

    /** One direction of it, for frames that carry the phone's own tag. */
    LinkModel oneWay() {
        LinkModel.Builder builder = LinkModel.builder()
                .rateMbit(rateMbit)
                .delay(Duration.ofNanos(roundTripMillis * 500_000L))
                .jitter(Duration.ofMillis(jitterMillis), Duration.ofMillis(50))
                .loss(loss)
                .overheadBytes(LinkModel.DEFAULT_OVERHEAD_BYTES - TAG_BYTES);
        return (queueMillis == 0 ? builder : builder.queue(Duration.ofMillis(queueMillis))).build();
    }

    /** Capacity. */
    double rateBytesPerSecond() {
        return rateMbit * 1e6 / 8;
    }

    /** Its features on one line. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%-8s %4.0f Mbit/s, %d ms, %.1f %% loss", name, rateMbit, roundTripMillis, 100 * loss);
    }
}
