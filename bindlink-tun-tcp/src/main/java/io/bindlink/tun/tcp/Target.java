package io.bindlink.tun.tcp;

import io.bindlink.api.BindlinkException;
import org.jspecify.annotations.Nullable;

/** What streams of TCP mode are named, docs/wire-stream.md section 2. */
final class Target {
    /** The name of a stream for what the other end was told to connect to. */
    static final String ONLY = "tcp";

    private static final String PREFIX = ONLY + ":";

    private Target() {}

    /** The name of a stream for a target. */
    static String name(Endpoint target) {
        return PREFIX + target;
    }

    /** The target that a stream names; null when it names none. */
    static @Nullable Endpoint parse(String name) {
        if (!name.startsWith(PREFIX)) {
            return null;
        }
        try {
            Endpoint target = Endpoint.parse("target", name.substring(PREFIX.length()));
            return isHost(target.host()) ? target : null;
        } catch (BindlinkException e) {
            return null;
        }
    }

    /** Whether a text may be handed to a resolver: visible ASCII, as names and addresses are. */
    static boolean isHost(String host) {
        return !host.isEmpty() && host.length() <= 255 && host.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }
}
