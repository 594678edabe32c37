/**
 * What the bytes of a datagram mean: headers, handshake messages and link-layer frames. Uses the API and {@code base}.
 */
@NullMarked
package io.bindlink.core.wire;

import org.jspecify.annotations.NullMarked;
