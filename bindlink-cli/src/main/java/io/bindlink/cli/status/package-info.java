/**
 * What a running node tells by HTTP: its figures for Prometheus, and whether it is up; and by a command, for
 * people and as JSON. Uses the library, {@code control} and {@code terminal}.
 */
@NullMarked
package io.bindlink.cli.status;

import org.jspecify.annotations.NullMarked;
