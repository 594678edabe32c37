package io.bindlink.core;

/** What tests of nodes with threads and sockets share: some of them count all there are in this JVM, so they take turns. */
public final class RealNodes {
    public static final String LOCK = "threads of nodes";

    private RealNodes() {}
}
