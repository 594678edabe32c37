/**
 * Policy rules of the kernel's, so that what leaves from a modem's address leaves through that modem.
 */
@NullMarked
package io.bindlink.cli.route;

import org.jspecify.annotations.NullMarked;
