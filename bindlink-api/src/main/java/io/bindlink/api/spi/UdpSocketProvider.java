package io.bindlink.api.spi;

import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.util.Optional;

/**
 * Sends and receives datagrams in its own way on channels that are opened, bound, connected, waited for and closed by
 * the library. Found by {@link java.util.ServiceLoader}; thread-safe.
 */
public interface UdpSocketProvider {
    /**
     * The name a user selects it by, such as {@code nio} or {@code jna}.
     *
     * @return lower case, unique among providers, not {@code auto}
     */
    String name();

    /**
     * Why this provider cannot work here, if it cannot.
     *
     * @return empty when it can; else one line for people
     */
    Optional<String> unsupported();

    /**
     * Takes a channel's datagrams over.
     *
     * @param channel open and not blocking, not yet bound; from now on nobody else sends or receives on it
     * @return to be closed before the channel
     * @throws IOException when the system refuses; the message says what. The channel is as it was
     */
    UdpSocket attach(DatagramChannel channel) throws IOException;

    /**
     * Makes a channel send and receive through one network interface alone, whatever the routes say.
     *
     * @param channel a datagram or stream channel, open and not yet bound
     * @param interfaceName the interface's name, such as {@code wwan0}
     * @return false when this cannot be done here; the channel's address then decides alone
     * @throws IOException when the system refuses for this interface; the message says why
     */
    default boolean bindToInterface(NetworkChannel channel, String interfaceName) throws IOException {
        return false;
    }
}
