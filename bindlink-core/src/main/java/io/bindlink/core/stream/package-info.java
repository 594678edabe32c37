/**
 * Reliable byte streams over a bond. Uses the API and {@code base}.
 */
@NullMarked
package io.bindlink.core.stream;

import org.jspecify.annotations.NullMarked;
