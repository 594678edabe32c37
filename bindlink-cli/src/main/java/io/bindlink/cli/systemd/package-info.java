/** What a service manager wants to hear of a running node. Uses the API and JNA. */
@NullMarked
package io.bindlink.cli.systemd;

import org.jspecify.annotations.NullMarked;
