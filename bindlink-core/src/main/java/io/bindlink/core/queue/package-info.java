/**
 * The central queue, in which packets wait for a link: FQ-CoDel, RFC 8290, with marks in place of drops where the sender
 * understands them, RFC 3168. {@link io.bindlink.core.queue.FairQueue} says which flow is next, {@code Codel}, one for
 * each flow, which packet tells its sender to slow down (RFC 8289), {@code Aim} how long is too long, and {@code
 * ServedClock} what counts as waiting. Uses the API and {@code base}.
 */
@NullMarked
package io.bindlink.core.queue;

import org.jspecify.annotations.NullMarked;
