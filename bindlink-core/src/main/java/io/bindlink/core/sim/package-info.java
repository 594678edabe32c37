/**
 * Simulated links and whole simulated bonds on virtual time: the test kit for schedulers and multiplexers.
 */
@NullMarked
package io.bindlink.core.sim;

import org.jspecify.annotations.NullMarked;
