/**
 * Sockets, threads, clocks and names: what drives a node on a real machine, and the only package that logs. Uses
 * the API, {@code base}, {@code wire}, {@code crypto}, {@code link} and {@code session}; nothing but the builder uses it.
 */
@NullMarked
package io.bindlink.core.io;

import org.jspecify.annotations.NullMarked;
