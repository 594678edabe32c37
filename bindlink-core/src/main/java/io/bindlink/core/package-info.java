/**
 * The way in: build a node with {@link io.bindlink.core.Bindlink}, run it, close it.
 */
@NullMarked
package io.bindlink.core;

import org.jspecify.annotations.NullMarked;
