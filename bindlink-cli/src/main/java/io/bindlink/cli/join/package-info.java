/** How a slave learns all it must know of its master, and where a master keeps its key. */
@NullMarked
package io.bindlink.cli.join;

import org.jspecify.annotations.NullMarked;
