package io.bindlink.api;

/**
 * What a scheduler or device may know of a packet without reading it. Live views are valid during the call they are
 * passed to; {@link #of} makes an immutable one.
 */
public interface PacketInfo {
    /**
     * Size of the packet, or of the piece of it that is about to be sent.
     *
     * @return bytes, 1..65,535
     */
    int sizeBytes();

    /**
     * Number of the flow the packet belongs to.
     *
     * @return for a device of kind {@link TunDevice.Kind#STREAMS} the device's own number, over 0; inside the default
     *     multiplexer the flow's slot; 0 when nobody has told yet
     */
    int flow();

    /**
     * Whether the flow sends little, so that delay matters more to it than rate.
     *
     * @return true for DNS, SSH, voice, handshakes and the like
     */
    boolean sparse();

    /**
     * Whether the packet went out before and is sent again.
     *
     * @return true for a repair or a copy
     */
    boolean resend();

    /**
     * Whether it is the last of what its flow has waiting, so that nothing behind it will reveal its loss.
     *
     * @return true at the end of a burst
     */
    boolean tail();

    /**
     * How much later than on the quickest link the packet may arrive without harm to its flow, whose receiver holds it
     * about that long anyway. A scheduler that sends it through a slower link makes the flow's round trip jump, which
     * TCP takes badly.
     *
     * @return nanoseconds; {@link Long#MAX_VALUE} when the flow does not mind
     */
    default long toleranceNanos() {
        return Long.MAX_VALUE;
    }

    /**
     * What the flow's packets are promised.
     *
     * @return the flow's delivery
     */
    Delivery delivery();

    /**
     * How the packet is to be segmented, if it is a super-packet.
     *
     * @return {@link Offload#NONE} for a plain packet
     */
    Offload offload();

    /**
     * An immutable description of a fresh packet: not sparse, not sent before, not a tail.
     *
     * @param sizeBytes bytes, 1..65,535
     * @param flow the flow's number, 0 or more
     * @param delivery what the flow is promised
     * @param offload {@link Offload#NONE} for a plain packet
     * @return the description
     */
    static PacketInfo of(int sizeBytes, int flow, Delivery delivery, Offload offload) {
        return new FreshPacketInfo(sizeBytes, flow, delivery, offload);
    }
}
