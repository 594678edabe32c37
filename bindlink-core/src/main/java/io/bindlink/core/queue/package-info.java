/**
 * The fair queue in which packets wait for a link. Uses the API and {@code base}.
 */
@NullMarked
package io.bindlink.core.queue;

import org.jspecify.annotations.NullMarked;
