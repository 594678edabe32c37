/**
 * Node and session: handshakes, keys, frames that speak of several links, addresses. Sans-IO: no socket, thread, lock,
 * sleep, clock or random source of its own. Uses the API, {@code base},
 * {@code wire}, {@code crypto} and {@code link}; of multiplexers and schedulers it knows their interfaces alone.
 */
@NullMarked
package io.bindlink.core.session;

import org.jspecify.annotations.NullMarked;
