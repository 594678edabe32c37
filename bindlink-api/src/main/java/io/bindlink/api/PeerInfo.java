package io.bindlink.api;

/**
 * What the peer said of itself in the handshake. Immutable.
 *
 * @param multiplexerVersion version of its multiplexer; its name equals ours, or there were no session
 * @param largestChunkBytes largest payload its multiplexer takes
 * @param flowSlots flows its multiplexer can tell apart
 * @param bufferBytes bytes it can hold back for order, over all flows
 * @param acceptsOffload whether it takes segmentation-offload super-packets
 * @param acceptsPartialChecksum whether it takes packets whose transport checksum is partial
 */
public record PeerInfo(
        int multiplexerVersion,
        int largestChunkBytes,
        int flowSlots,
        long bufferBytes,
        boolean acceptsOffload,
        boolean acceptsPartialChecksum) {}
