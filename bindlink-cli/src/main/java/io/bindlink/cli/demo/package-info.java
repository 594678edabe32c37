/**
 * The demo: a master, a slave and three emulated phones in one process, nothing simulated but the air. The phones are
 * real SOCKS5 servers on loopback; the slave uses them through the same options as in the field. Uses the
 * library, its simulator's links, TCP mode and {@code terminal}.
 */
@NullMarked
package io.bindlink.cli.demo;

import org.jspecify.annotations.NullMarked;
