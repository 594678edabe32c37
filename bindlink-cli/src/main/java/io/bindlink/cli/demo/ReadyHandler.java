package io.bindlink.cli.demo;

import java.io.IOException;

/** What to do when a channel is ready; attached to its key. */
@FunctionalInterface
interface ReadyHandler {
    void ready() throws IOException;
}
