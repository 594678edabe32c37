/** What a terminal can show. */
@NullMarked
package io.bindlink.cli.terminal;

import org.jspecify.annotations.NullMarked;
