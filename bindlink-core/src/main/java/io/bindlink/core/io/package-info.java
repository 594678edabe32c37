/**
 * Sockets, threads, clocks and names: what drives a node on a real machine, and the only package that logs. Uses
 * everything left of it.
 */
@NullMarked
package io.bindlink.core.io;

import org.jspecify.annotations.NullMarked;
