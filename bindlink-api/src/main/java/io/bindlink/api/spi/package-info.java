/**
 * Providers of tun devices, schedulers and multiplexers, found by {@link java.util.ServiceLoader}.
 */
@NullMarked
package io.bindlink.api.spi;

import org.jspecify.annotations.NullMarked;
