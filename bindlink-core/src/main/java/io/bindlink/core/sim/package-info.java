/**
 * Simulated links and whole simulated bonds on virtual time: the test kit for schedulers and multiplexers. {@link
 * io.bindlink.core.sim.SimLink} alone shapes real traffic as well, when it is driven by a real clock.
 */
@NullMarked
package io.bindlink.core.sim;

import org.jspecify.annotations.NullMarked;
