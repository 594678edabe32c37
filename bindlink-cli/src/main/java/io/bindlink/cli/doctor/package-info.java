/** Looks for what commonly stands in the way: on this machine, and on the way through one link. */
@NullMarked
package io.bindlink.cli.doctor;

import org.jspecify.annotations.NullMarked;
