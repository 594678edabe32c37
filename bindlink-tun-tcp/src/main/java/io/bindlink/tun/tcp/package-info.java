/**
 * TCP mode: a TCP connection at one end, carried byte-exactly over a stream of the bond to a TCP connection at the other.
 * Needs no rights beyond those of any program. Uses the API and {@code io.bindlink.core.stream}.
 */
@NullMarked
package io.bindlink.tun.tcp;

import org.jspecify.annotations.NullMarked;
