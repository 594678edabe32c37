package io.bindlink.cli;

import io.bindlink.api.BindlinkException;
import io.bindlink.cli.route.RouteRules;
import io.bindlink.cli.status.StatusServer;
import io.bindlink.core.Bindlink;
import io.bindlink.core.BindlinkBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Runs a node until it is stopped by a signal or fails. Used once, by its command's thread.
 *
 * @param builder the node
 * @param options what it was made from
 * @param rules what shall be in force while it runs
 * @param timeout how long it may take to reach the peer; zero: for ever
 */
record NodeRun(BindlinkBuilder builder, NodeOptions options, RouteRules rules, Duration timeout) {
    /** The last step of a start. */
    @FunctionalInterface
    interface Greeting {
        String greet(Bindlink node) throws IOException;
    }

    /**
     * Starts the node and waits for its end.
     *
     * @param greeting what else to do once it runs; answers what to tell the user
     * @return the exit code
     */
    int untilStopped(Greeting greeting) throws IOException, InterruptedException {
        StopSignal stop = StopSignal.await();
        stop.closes(rules); // before they are added: a signal may come meanwhile
        try (RouteRules inForce = rules;
                StatusServer status = options.statusServer()) {
            inForce.add();
            try (Bindlink node = builder.start()) {
                stop.closes(node);
                NodeOptions.log().info(greeting.greet(node));
                status.serve(node);
                return awaitEnd(node);
            }
        } finally {
            stop.release();
        }
    }

    private int awaitEnd(Bindlink node) throws InterruptedException {
        if (!timeout.isZero()) {
            node.awaitUp(timeout);
        }
        Optional<Throwable> failure = node.awaitClosed();
        if (failure.isPresent()) {
            throw new BindlinkException(
                    BindlinkException.Code.RUNTIME,
                    "stopped by a failure: " + Failures.text(failure.get()),
                    failure.get());
        }
        return 0;
    }
}
