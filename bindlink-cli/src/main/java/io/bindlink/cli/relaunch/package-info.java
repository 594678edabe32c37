/** How the program gets a JVM of its size without the user's doing. Uses nothing of the library's. */
@NullMarked
package io.bindlink.cli.relaunch;

import org.jspecify.annotations.NullMarked;
