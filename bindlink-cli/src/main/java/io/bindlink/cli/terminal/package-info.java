/** What a terminal can show. Uses the JDK alone. */
@NullMarked
package io.bindlink.cli.terminal;

import org.jspecify.annotations.NullMarked;
