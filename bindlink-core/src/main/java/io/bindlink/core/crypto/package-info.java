/**
 * The Noise handshake, transport keys, sealing, opening and replay windows, on the JDK's primitives. Uses the API,
 * {@code base} and {@code wire}.
 */
@NullMarked
package io.bindlink.core.crypto;

import org.jspecify.annotations.NullMarked;
