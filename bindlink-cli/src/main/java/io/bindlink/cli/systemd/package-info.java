/** What a service manager wants to hear of a running node. */
@NullMarked
package io.bindlink.cli.systemd;

import org.jspecify.annotations.NullMarked;
