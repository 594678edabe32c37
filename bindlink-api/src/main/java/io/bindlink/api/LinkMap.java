package io.bindlink.api;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/** The links of a node: makes and keeps them and hides what they are. Thread-safe. */
public interface LinkMap {
    /**
     * Adds a link and starts reaching out through it. The link is tried until it is closed, whatever fails.
     *
     * @param uri what the link is made from
     * @return the link, {@link LinkState#CONNECTING}; returns at once
     * @throws IllegalStateException at a master, which learns its links, and after the node was closed
     * @throws BindlinkException if the URI needs what this node lacks, such as a proxy target
     */
    Link initiateLink(LinkUri uri);

    /**
     * Adds a link through a SOCKS5 proxy to the configured proxy target.
     *
     * @param proxy address of the proxy
     * @return the link, {@link LinkState#CONNECTING}; returns at once
     * @throws IllegalStateException at a master, and after the node was closed
     * @throws BindlinkException if no proxy target is configured
     */
    Link initiateLink(InetSocketAddress proxy);

    /**
     * Binds a UDP address and waits there for the other side to initiate links.
     *
     * @param local address and port; port 0 is any free one
     * @return the address bound
     * @throws IOException when it cannot be bound
     * @throws IllegalStateException at a slave, and after the node was closed
     */
    InetSocketAddress startListener(InetSocketAddress local) throws IOException;

    /**
     * Binds a UDP port on every local address.
     *
     * @param port 0..65,535; 0 is any free one
     * @return the address bound
     * @throws IOException when it cannot be bound
     */
    default InetSocketAddress startListener(int port) throws IOException {
        return startListener(new InetSocketAddress(port));
    }

    /**
     * The links now.
     *
     * @return an immutable snapshot in the user's order
     */
    List<Link> links();
}
