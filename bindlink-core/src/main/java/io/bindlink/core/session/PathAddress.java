package io.bindlink.core.session;

import io.bindlink.core.link.Transmit;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a link's datagrams go: a socket and, where the socket does not know it, the peer's address. Until the peer has
 * answered a challenge sent there, the address gets at most three times what came from it (as in RFC 9000 section 8),
 * so that nobody can aim a bond at a third party. Confined to its session.
 */
final class PathAddress {
    private static final int IPV4_HEADER_BYTES = 20 + 8; // and UDP's
    private static final int IPV6_HEADER_BYTES = 40 + 8;
    private static final int AMPLIFICATION_LIMIT = 3;

    private final int socket;
    private final @Nullable InetSocketAddress remote;
    private final long challenge;
    private boolean validated;
    private long receivedBytes;
    private long sentBytes;
    private long challengedNanos = Long.MIN_VALUE;

    private PathAddress(int socket, @Nullable InetSocketAddress remote, long challenge, boolean validated) {
        this.socket = socket;
        this.remote = remote;
        this.challenge = challenge;
        this.validated = validated;
    }

    /** An address this node chose itself. */
    static PathAddress chosen(int socket, @Nullable InetSocketAddress remote) {
        return new PathAddress(socket, remote, 0, true);
    }

    /** An address learnt from an authentic datagram, not yet proven. */
    static PathAddress learnt(int socket, InetSocketAddress remote, long challenge) {
        return new PathAddress(socket, remote, challenge, false);
    }

    boolean is(int otherSocket, InetSocketAddress source) {
        return socket == otherSocket && (remote == null || remote.equals(source));
    }

    /** What UDP and IP add to each datagram; a socket that knows by itself where to is taken for one over IPv4. */
    static int headerBytes(@Nullable PathAddress address) {
        InetSocketAddress remote = address == null ? null : address.remote;
        return remote != null && remote.getAddress() instanceof Inet6Address ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES;
    }

    /** Whether a datagram may go there now. */
    boolean allows(int bytes) {
        return validated || sentBytes + bytes <= AMPLIFICATION_LIMIT * receivedBytes;
    }

    void onReceived(int bytes) {
        receivedBytes += bytes;
    }

    void onSent(int bytes) {
        sentBytes += bytes;
    }

    /** Takes the answer to a challenge. */
    boolean answer(long response) {
        if (!validated && response == challenge) {
            validated = true;
            return true;
        }
        return false;
    }

    boolean challengeDue(long nowNanos, long retryNanos) {
        return challengedNanos == Long.MIN_VALUE || nowNanos - challengedNanos >= retryNanos;
    }

    void onChallengeSent(long nowNanos) {
        challengedNanos = nowNanos;
    }

    void address(Transmit transmit, int length) {
        transmit.address(socket, remote, length);
    }

    int socket() {
        return socket;
    }

    @Nullable
    InetSocketAddress remote() {
        return remote;
    }

    boolean validated() {
        return validated;
    }

    long challenge() {
        return challenge;
    }
}
