package io.bindlink.api;

import java.nio.ByteBuffer;
import java.util.Map;

/**
 * A multiplexer's report to its peer, sent every second on every live link: how much arrived through each link, and
 * whatever a custom multiplexer adds. Immutable but for its buffer.
 *
 * @param sequence number of the report; a newer one is larger
 * @param received what the sender of the report received through each link since the session began
 * @param extension bytes of the multiplexer's own, at most 512, not interpreted; read-only
 */
public record ControlPacket(long sequence, Map<LinkId, Received> received, ByteBuffer extension) {
    /** Largest extension: a report must fit in the smallest datagram a link carries. */
    public static final int MAX_EXTENSION_BYTES = 512;

    /**
     * Copies the map and guards the buffer.
     *
     * @param sequence as the component
     * @param received as the component
     * @param extension as the component
     */
    public ControlPacket {
        if (extension.remaining() > MAX_EXTENSION_BYTES) {
            throw new IllegalArgumentException(
                    "extension of " + extension.remaining() + " bytes is over " + MAX_EXTENSION_BYTES);
        }
        received = Map.copyOf(received);
        extension = extension.asReadOnlyBuffer();
    }

    /**
     * Cumulative counts of one link, as seen by the sender of the report.
     *
     * @param packets authentic datagrams received, each counted once
     * @param bytes their bytes, without UDP and IP headers
     */
    public record Received(long packets, long bytes) {}
}
