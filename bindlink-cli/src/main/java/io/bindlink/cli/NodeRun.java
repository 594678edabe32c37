package io.bindlink.cli;

import io.bindlink.api.BindlinkException;
import io.bindlink.core.Bindlink;
import io.bindlink.core.BindlinkBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** Runs a node until it is stopped by a signal or fails. */
final class NodeRun {
    private NodeRun() {}

    /** The last step of a start. */
    @FunctionalInterface
    interface Greeting {
        String greet(Bindlink node) throws IOException;
    }

    /**
     * Starts a node and waits for its end.
     *
     * @param builder what to start
     * @param timeoutSeconds how long it may take to reach the peer; 0: for ever
     * @param greeting what else to do once it runs; answers what to tell the user
     * @return the exit code
     */
    static int untilStopped(BindlinkBuilder builder, int timeoutSeconds, Greeting greeting)
            throws IOException, InterruptedException {
        StopSignal stop = StopSignal.await();
        try (Bindlink node = builder.start()) {
            stop.closes(node);
            LoggerFactory.getLogger("bindlink").info(greeting.greet(node));
            if (timeoutSeconds > 0) {
                node.awaitUp(Duration.ofSeconds(timeoutSeconds));
            }
            Optional<Throwable> failure = node.awaitClosed();
            if (failure.isPresent()) {
                throw new BindlinkException(
                        BindlinkException.Code.RUNTIME, "stopped by a failure: " + failure.get(), failure.get());
            }
            return 0;
        } finally {
            stop.release();
        }
    }
}
