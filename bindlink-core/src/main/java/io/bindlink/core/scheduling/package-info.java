/**
 * The built-in schedulers, all of them written against the public interface. Uses the API and {@code base}.
 */
@NullMarked
package io.bindlink.core.scheduling;

import org.jspecify.annotations.NullMarked;
