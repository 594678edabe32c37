/**
 * The command line: options become a builder's settings, failures one line and an exit code. Everything else is the
 * library's.
 */
@NullMarked
package io.bindlink.cli;

import org.jspecify.annotations.NullMarked;
