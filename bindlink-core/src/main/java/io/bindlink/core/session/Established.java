package io.bindlink.core.session;

import io.bindlink.core.crypto.Suite;
import io.bindlink.core.wire.Capabilities;

/**
 * What a handshake made. Immutable but for its keys.
 *
 * @param epoch the session's first keys
 * @param suite the suite they are for
 * @param peer what the peer said of itself
 */
record Established(Epoch epoch, Suite suite, Capabilities peer) {}
