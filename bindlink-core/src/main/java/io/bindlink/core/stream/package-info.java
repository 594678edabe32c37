/**
 * Reliable byte streams over a bond: {@link io.bindlink.core.stream.Streams} is the device to give to the builder,
 * {@link io.bindlink.core.stream.ByteStream} one stream. What they put into their flows is laid down in
 * {@code docs/wire-stream.md}. Uses the API and {@code base}.
 *
 * <p>Two kinds of threads meet here. The engine calls the device and must never wait; a program's own threads read and
 * write streams and may. They share one short lock per stream, and nothing is submitted to the engine under it: the
 * engine calls back while it holds its own.
 */
@NullMarked
package io.bindlink.core.stream;

import org.jspecify.annotations.NullMarked;
