/**
 * What a user of Bindlink sees and can replace: the link map, links, multiplexers, schedulers and tun devices, with
 * their values.
 *
 * <p>Units everywhere: bytes, nanoseconds, bytes per second. This package depends on nothing but the JDK.
 */
@NullMarked
package io.bindlink.api;

import org.jspecify.annotations.NullMarked;
