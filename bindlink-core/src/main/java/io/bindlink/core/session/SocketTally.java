package io.bindlink.core.session;

/** How often a socket for a link was made, and could not be. Written by the link's owner, read for its figures. */
final class SocketTally {
    long made;
    long failed;
}
