/**
 * Linux by JNA: the tun device, made and configured without a command being run. Native functions are mapped directly
 * and take addresses of direct buffers; there are no {@code Structure}s, so that nothing is allocated for each packet
 * and nothing need be opened to JNA. Uses the API and JNA.
 */
@NullMarked
package io.bindlink.tun.jna;

import org.jspecify.annotations.NullMarked;
