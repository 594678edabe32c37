package io.bindlink.api;

/** What is known of a link's ability to carry packets. */
public enum LinkState {
    /** No authentic answer has come through this link yet; it is being tried. */
    CONNECTING,
    /** Carries packets. */
    UP,
    /** One probe timeout passed without an answer: nothing new is put on it until it answers. */
    SUSPECT,
    /** A second probe timeout passed, or its socket failed. It keeps being tried, with backoff, for ever. */
    DOWN,
    /** Taken out of use by {@link Link#pause()}, here or at the peer. It is still probed. */
    PAUSED,
    /** Removed by {@link Link#close()} or by the end of the node. Final. */
    CLOSED
}
