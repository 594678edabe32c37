/**
 * The command line: options become a builder's settings, failures one line and an exit code. Everything else is the
 * library's. Uses all packages of the program, which use its terms for options, failures and output in turn, and the API and
 * {@code io.bindlink.core} of the library.
 */
@NullMarked
package io.bindlink.cli;

import org.jspecify.annotations.NullMarked;
