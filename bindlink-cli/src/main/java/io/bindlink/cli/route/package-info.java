/**
 * Policy rules of the kernel's, so that what leaves from a modem's address leaves through that modem; and all
 * traffic through the bond, and a master's address translation. Uses the API and no other package of the program but its root.
 */
@NullMarked
package io.bindlink.cli.route;

import org.jspecify.annotations.NullMarked;
