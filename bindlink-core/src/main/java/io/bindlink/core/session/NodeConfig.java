package io.bindlink.core.session;

import io.bindlink.api.Multiplexer;
import io.bindlink.api.Role;
import io.bindlink.api.Scheduler;
import io.bindlink.api.TunDevice;
import io.bindlink.core.crypto.PresharedSecret;
import io.bindlink.core.crypto.Suite;
import io.bindlink.core.link.CongestionControl;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a node is made of. Immutable.
 *
 * @param role which end it is
 * @param secret the key it shares with its peer
 * @param suites the suites it may use, the best first; a slave takes the first one the master allows
 * @param instanceId random number of this process, so that a restart is told from a second slave with the same key
 * @param tunKind what its device carries
 * @param offload whether its device and its multiplexer take super-packets
 * @param multiplexerName name of its multiplexer, which the peer's must equal
 * @param multiplexerVersion version of its multiplexer, which the peer's must equal
 * @param multiplexer makes the multiplexer of each session
 * @param scheduler makes the scheduler of each session
 * @param congestionControl makes the congestion control of each link
 * @param bufferBytes bytes the multiplexer may hold back for order, told to the peer
 * @param rekeyNanos how long keys are used
 * @param sessionTimeoutNanos how long a session outlives the silence of its peer
 */
public record NodeConfig(
        Role role,
        PresharedSecret secret,
        List<Suite> suites,
        long instanceId,
        TunDevice.Kind tunKind,
        boolean offload,
        String multiplexerName,
        int multiplexerVersion,
        Supplier<Multiplexer> multiplexer,
        Supplier<Scheduler> scheduler,
        Supplier<CongestionControl> congestionControl,
        long bufferBytes,
        long rekeyNanos,
        long sessionTimeoutNanos) {
    /** How long keys are used when nobody says otherwise: two minutes. */
    public static final long DEFAULT_REKEY_NANOS = 120_000_000_000L;

    /** How long a session outlives the silence of its peer when nobody says otherwise: a minute. */
    public static final long DEFAULT_SESSION_TIMEOUT_NANOS = 60_000_000_000L;

    /** What a multiplexer may hold back for order when nobody says otherwise: 32 MiB. */
    public static final long DEFAULT_BUFFER_BYTES = 32L << 20;

    /** Copies the list and checks the ranges. */
    public NodeConfig {
        suites = List.copyOf(suites);
        if (suites.isEmpty()) {
            throw new IllegalArgumentException("no suite is allowed");
        }
        if (multiplexerName.isEmpty() || multiplexerName.length() > 32) {
            throw new IllegalArgumentException("multiplexer name '" + multiplexerName + "' must have 1..32 characters");
        }
        if (multiplexerVersion < 0 || multiplexerVersion > 0xFFFF) {
            throw new IllegalArgumentException("multiplexer version " + multiplexerVersion + " is not in 0..65535");
        }
    }
}
