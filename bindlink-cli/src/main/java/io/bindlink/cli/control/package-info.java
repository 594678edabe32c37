/**
 * Talks to a running node over a private Unix domain socket, one JSON object a line each way (docs/status.md).
 */
@NullMarked
package io.bindlink.cli.control;

import org.jspecify.annotations.NullMarked;
