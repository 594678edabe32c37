/**
 * The way in: build a node with {@link io.bindlink.core.Bindlink}, run it, close it. Beside that, what a
 * program needs to configure one: keys, join lines, suites. Uses every package but {@code sim}, and none uses it.
 */
@NullMarked
package io.bindlink.core;

import org.jspecify.annotations.NullMarked;
