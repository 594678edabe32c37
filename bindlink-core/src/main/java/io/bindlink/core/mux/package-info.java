/**
 * The default multiplexer: chunks, flows, order and recovery. Uses the API, {@code base}, {@code queue} and
 * {@code scheduling}; it has no private way into the session.
 */
@NullMarked
package io.bindlink.core.mux;

import org.jspecify.annotations.NullMarked;
