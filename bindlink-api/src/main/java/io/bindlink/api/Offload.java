package io.bindlink.api;

/**
 * Describes a segmentation-offload super-packet: one header followed by many segments' bytes. Immutable.
 *
 * @param kind what the packet is to be cut into
 * @param segmentBytes payload bytes of each segment but the last, 0..65,535; 0 when {@code kind} is {@link Kind#NONE}
 * @param partialChecksum whether the transport checksum field holds only the pseudo-header's sum, the rest left to
 *     whoever puts the packet on a wire
 */
public record Offload(Kind kind, int segmentBytes, boolean partialChecksum) {
    /** A plain packet: nothing to cut, checksum complete. */
    public static final Offload NONE = new Offload(Kind.NONE, 0, false);

    /** A plain packet whose transport checksum is partial. */
    public static final Offload UNSUMMED = new Offload(Kind.NONE, 0, true);

    /** What a super-packet is cut into. */
    public enum Kind {
        /** Not a super-packet. */
        NONE,
        /** TCP segments over IPv4. */
        TCP4,
        /** TCP segments over IPv6. */
        TCP6,
        /** UDP datagrams. */
        UDP
    }

    /**
     * Checks the range.
     *
     * @param kind as the component
     * @param segmentBytes as the component
     * @param partialChecksum as the component
     */
    public Offload {
        if (segmentBytes < 0 || segmentBytes > 65_535) {
            throw new IllegalArgumentException("segment size " + segmentBytes + " is not in 0..65535");
        }
        if ((kind == Kind.NONE) != (segmentBytes == 0)) {
            throw new IllegalArgumentException(kind + " with segment size " + segmentBytes);
        }
    }
}
