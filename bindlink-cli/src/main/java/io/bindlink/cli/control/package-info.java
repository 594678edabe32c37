/**
 * Talks to a running node over a private Unix domain socket, one JSON object a line each way (docs/status.md). Uses the
 * library and {@code status}, whose JSON it speaks.
 */
@NullMarked
package io.bindlink.cli.control;

import org.jspecify.annotations.NullMarked;
