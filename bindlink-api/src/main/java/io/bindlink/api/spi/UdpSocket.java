package io.bindlink.api.spi;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Sends and receives on a UDP socket, several datagrams at a time where the system can: what the kernel does once for a
 * train of datagrams costs a fraction of what it does for each. Never blocks. One thread at a time sends and one
 * receives; {@link #close} may come from any.
 */
public interface UdpSocket extends AutoCloseable {
    /** Longest train in bytes: what UDP over IPv4 or IPv6 can carry at once, less some headers. */
    int MAX_TRAIN_BYTES = 65_000;

    /** Room that {@link #receive} needs: more cannot come at once. */
    int RECEIVE_BYTES = 65_536;

    /**
     * How many datagrams {@link #send} takes at once. It may become 1 for good, after a train was refused.
     *
     * @return 1 or more
     */
    int maxTrainDatagrams();

    /**
     * Sends a train: datagrams of one size, of which the last may be shorter, to one place. All leave, or none.
     *
     * @param train the datagrams one behind the other from position to limit, at most {@link #maxTrainDatagrams} and {@link
     *     #MAX_TRAIN_BYTES}; a direct buffer, best always the same. Where its position is afterwards means nothing
     * @param datagramBytes size of each datagram but the last, 1 or more
     * @param remote where they go; null when the channel is connected
     * @return whether they were handed to the system; false when its buffer was full
     * @throws java.net.PortUnreachableException when the system tells of an earlier datagram; these were not sent
     * @throws java.nio.channels.ClosedChannelException when the socket is closed
     * @throws DatagramTooLargeException when the socket does not fragment and the way out takes none of this size
     * @throws IOException when the system refused; with several datagrams, each may still pass by itself
     */
    boolean send(ByteBuffer train, int datagramBytes, @Nullable InetSocketAddress remote) throws IOException;

    /**
     * Receives a datagram, or several of one source that came together: of one size, of which the last may be shorter.
     *
     * @param into an empty direct buffer with room for {@link #RECEIVE_BYTES}, best always the same; its limit is set
     *     behind the last datagram
     * @return size of each datagram but the last, 0 for one that is empty; -1 when there is none
     * @throws java.net.PortUnreachableException when the system tells of a datagram sent before
     * @throws java.nio.channels.ClosedChannelException when the socket is closed
     * @throws IOException when reading failed
     */
    int receive(ByteBuffer into) throws IOException;

    /**
     * Where the datagrams that were received last came from. For the receiving thread.
     *
     * @return resolved
     */
    InetSocketAddress source();

    /** Gives back what this holds beside the channel, which stays open. Idempotent. */
    @Override
    void close();
}
