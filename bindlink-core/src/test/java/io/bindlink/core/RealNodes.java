package io.bindlink.core;

import java.io.File;
import java.util.List;

/** What tests of nodes with threads and sockets share: some of them count all there are in this JVM, so they take turns. */
public final class RealNodes {
    public static final String LOCK = "threads of nodes";

    private RealNodes() {}

    /** The names of all threads of nodes. */
    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("bindlink-"))
                .toList();
    }

    /** How many descriptors this JVM has open; 0 where nobody can tell. */
    static long openFiles() {
        String[] open = new File("/proc/self/fd").list(); // null where there is no such thing
        return open == null ? 0 : open.length;
    }
}
