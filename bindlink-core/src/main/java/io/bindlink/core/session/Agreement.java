package io.bindlink.core.session;

import io.bindlink.api.PeerInfo;
import io.bindlink.core.crypto.Suite;
import io.bindlink.core.wire.Capabilities;
import io.bindlink.core.wire.Datagram;
import org.jspecify.annotations.Nullable;

/** What two nodes must have in common, and how each describes itself. Immutable. */
final class Agreement {
    private static final int LARGEST_CHUNK_BYTES = 0xFFFF;
    private static final int FLOW_SLOTS = 0xFFFF;
    private static final long MAX_BUFFER_BYTES = 0xFFFF_FFFFL;

    private Agreement() {}

    /** What a node says of itself. */
    static Capabilities own(NodeConfig config) {
        int suites = 0;
        for (Suite suite : config.suites()) {
            suites |= suite.bit();
        }
        return new Capabilities(
                Datagram.MIN_VERSION,
                Datagram.MAX_VERSION,
                suites,
                Capabilities.tunKindOf(config.tunKind()),
                config.multiplexerName(),
                config.multiplexerVersion(),
                LARGEST_CHUNK_BYTES,
                FLOW_SLOTS,
                Math.min(MAX_BUFFER_BYTES, config.bufferBytes()),
                config.instanceId(),
                config.offload(),
                config.offload());
    }

    /** Why two nodes cannot work together, from the master's side; null when they can. */
    static Capabilities.@Nullable Refusal refusal(Capabilities own, Capabilities peer) {
        if (!own.multiplexerName().equals(peer.multiplexerName())
                || own.multiplexerVersion() != peer.multiplexerVersion()) {
            return new Capabilities.Refusal(
                    Capabilities.Refusal.MULTIPLEXER,
                    "multiplexers differ: " + multiplexer(own) + " at the master, " + multiplexer(peer)
                            + " at the slave");
        }
        if (own.tunKind() != peer.tunKind()) {
            return new Capabilities.Refusal(
                    Capabilities.Refusal.TUN_KIND,
                    "tun devices differ: " + tun(own) + " at the master, " + tun(peer) + " at the slave");
        }
        return null;
    }

    static PeerInfo describe(Capabilities peer) {
        return new PeerInfo(
                peer.multiplexerVersion(),
                peer.largestChunkBytes(),
                peer.flowSlots(),
                peer.bufferBytes(),
                peer.acceptsOffload(),
                peer.acceptsPartialChecksum());
    }

    private static String multiplexer(Capabilities node) {
        return node.multiplexerName() + " " + node.multiplexerVersion();
    }

    private static String tun(Capabilities node) {
        return switch (node.tunKind()) {
            case 1 -> "IP packets";
            case 2 -> "streams";
            default -> "kind " + node.tunKind();
        };
    }
}
