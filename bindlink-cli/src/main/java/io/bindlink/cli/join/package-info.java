/**
 * How a slave learns all it must know of its master, and where a master keeps its key. Uses the library and no other package of
 * the program but its root.
 */
@NullMarked
package io.bindlink.cli.join;

import org.jspecify.annotations.NullMarked;
