/**
 * What a running node tells by HTTP: its figures for Prometheus, and whether it is up.
 */
@NullMarked
package io.bindlink.cli.status;

import org.jspecify.annotations.NullMarked;
