package io.bindlink.core.io;

import io.bindlink.api.Event;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who wants to hear a node's events. Immutable.
 *
 * @param executor where to call it; null: on the node's own thread
 * @param consumer what to call
 */
public record EventListener(@Nullable Executor executor, Consumer<Event> consumer) {}
