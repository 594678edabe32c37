package io.bindlink.tun.jna;

import java.io.File;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Finds the descriptor of a channel and duplicates it. The JDK does not tell it, but shows which one it is: when an
 * option is changed through the channel, the descriptor that changes with it belongs to the same socket. Changed at random
 * a few dozen times, no other follows.
 *
 * <p>The duplicate is the caller's and stays valid when the channel is closed. See docs/adr/0010. Confined to one thread.
 */
final class ChannelDescriptor {
    private static final File DESCRIPTORS = new File("/proc/self/fd");
    private static final int FIRST_FREE = 3; // the numbers below are the standard streams'
    private static final int FLIPS = 24; // another socket passes once in 16 million times

    private final SocketOptions options = new SocketOptions();
    private final RandomGenerator random;

    ChannelDescriptor(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Duplicates a channel's descriptor.
     *
     * @param channel open and not yet bound; its options are left as they were
     * @return to be closed by the caller
     */
    int duplicate(NetworkChannel channel) throws IOException {
        Boolean before = channel.getOption(StandardSocketOptions.SO_REUSEADDR);
        try {
            List<Integer> candidates = descriptors();
            for (int i = 0; i < FLIPS && !candidates.isEmpty(); i++) {
                flip(channel, candidates);
            }
            if (candidates.isEmpty()) {
                throw new IOException("the channel's descriptor is not among those in " + DESCRIPTORS);
            }
            return duplicate(channel, candidates.get(0)); // where there are two, one is a duplicate
        } finally {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, before);
        }
    }

    /** Duplicates, and makes sure that the number did not go to another file meanwhile. */
    private int duplicate(NetworkChannel channel, int descriptor) throws IOException {
        int duplicate = Libc.fcntl(descriptor, Libc.F_DUPFD_CLOEXEC, FIRST_FREE);
        if (duplicate < 0) {
            throw Refusal.of("a second descriptor for a socket", Libc.errno());
        }
        List<Integer> candidates = new ArrayList<>(List.of(duplicate));
        for (int i = 0; i < FLIPS && !candidates.isEmpty(); i++) {
            flip(channel, candidates);
        }
        if (candidates.isEmpty()) {
            int unused = Libc.close(duplicate);
            throw new IOException("the channel was closed meanwhile");
        }
        return duplicate;
    }

    private void flip(NetworkChannel channel, List<Integer> candidates) throws IOException {
        boolean now = random.nextBoolean();
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, now);
        int expected = now ? 1 : 0;
        candidates.removeIf(descriptor -> options.get(descriptor, SocketOptions.SOL_SOCKET, SocketOptions.SO_REUSEADDR)
                        .orElse(-1)
                != expected);
    }

    private static List<Integer> descriptors() throws IOException {
        String[] names = DESCRIPTORS.list();
        if (names == null) {
            throw new IOException(DESCRIPTORS + " cannot be read");
        }
        List<Integer> descriptors = new ArrayList<>(names.length);
        for (String name : names) {
            descriptors.add(Integer.valueOf(name));
        }
        return descriptors;
    }
}
