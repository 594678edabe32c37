/**
 * Arithmetic, buffers and names that every other package shares. Holds no session state. Uses the API alone.
 */
@NullMarked
package io.bindlink.core.base;

import org.jspecify.annotations.NullMarked;
