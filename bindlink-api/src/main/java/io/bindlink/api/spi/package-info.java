/**
 * Providers of tun devices, UDP sockets, schedulers and multiplexers, found by {@link java.util.ServiceLoader}. Uses
 * {@code io.bindlink.api} alone.
 */
@NullMarked
package io.bindlink.api.spi;

import org.jspecify.annotations.NullMarked;
