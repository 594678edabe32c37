/**
 * Providers of tun devices, UDP sockets, schedulers and multiplexers, found by {@link java.util.ServiceLoader}.
 */
@NullMarked
package io.bindlink.api.spi;

import org.jspecify.annotations.NullMarked;
