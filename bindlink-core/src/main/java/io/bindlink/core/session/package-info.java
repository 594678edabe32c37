/**
 * Node and session: handshakes, keys, frames that speak of several links, addresses. Sans-IO: no socket, thread, lock,
 * sleep, clock or random source of its own. Uses everything left of it.
 */
@NullMarked
package io.bindlink.core.session;

import org.jspecify.annotations.NullMarked;
