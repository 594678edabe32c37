/**
 * Simulated links and whole simulated bonds on virtual time: the test kit for schedulers and multiplexers. {@link
 * io.bindlink.core.sim.SimLink} alone shapes real traffic as well, when it is driven by a real clock.
 *
 * <p>Uses the API and the engine, but neither {@code io} nor a socket, thread or clock. No other package uses it.
 */
@NullMarked
package io.bindlink.core.sim;

import org.jspecify.annotations.NullMarked;
