package io.bindlink.core.link;

/** What has been sent on a link and not been answered. */
enum UnderWay {
    NOTHING,
    SOMETHING,
    /** So many datagrams that answers should come several in a round trip. */
    MUCH
}
