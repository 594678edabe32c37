/**
 * One link's congestion domain: packet numbers, acknowledgements, delay, rate, loss and liveness. Uses the API,
 * {@code base}, {@code wire} and {@code crypto}.
 */
@NullMarked
package io.bindlink.core.link;

import org.jspecify.annotations.NullMarked;
