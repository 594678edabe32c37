/**
 * How the program gets a JVM of its size without the user's doing, and a class archive that spares it half of its start. Uses
 * JNA; of the library, when a class archive is made, the API and the simulator.
 */
@NullMarked
package io.bindlink.cli.relaunch;

import org.jspecify.annotations.NullMarked;
