package io.bindlink.core.io;

/**
 * A socket that is ready for a link. Immutable; its holder closes the socket.
 *
 * @param socket not yet known to the node
 * @param maxDatagramBytes largest datagram that leaves this machine whole
 */
record Dialed(NodeSocket socket, int maxDatagramBytes) {}
