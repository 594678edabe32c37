/**
 * Looks for what commonly stands in the way: on this machine, and on the way through one link. Uses the library, {@code
 * control}, {@code join} and {@code route}.
 */
@NullMarked
package io.bindlink.cli.doctor;

import org.jspecify.annotations.NullMarked;
