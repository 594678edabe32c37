package io.bindlink.cli;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.Role;
import io.bindlink.cli.control.Control;
import io.bindlink.cli.control.ControlSocket;
import io.bindlink.cli.relaunch.WarmUp;
import io.bindlink.cli.route.Changes;
import io.bindlink.cli.status.StatusServer;
import io.bindlink.cli.systemd.ServiceManager;
import io.bindlink.core.Bindlink;
import io.bindlink.core.BindlinkBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Runs a node until it is stopped by a signal or fails. Used once, by its command's thread.
 *
 * @param role which end
 * @param builder the node
 * @param options what it was made from
 * @param changes what shall be in force while it runs
 * @param timeout how long it may take to reach the peer; zero: for ever
 */
record NodeRun(Role role, BindlinkBuilder builder, NodeOptions options, Changes changes, Duration timeout) {
    private static final Duration FIRST_WORDS = Duration.ofSeconds(1);

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
        if (options.dryRun()) {
            options.printChanges(changes);
            return 0;
        }
        StopSignal stop = StopSignal.await();
        stop.closes(changes); // before they are made: a signal may come meanwhile
        try (Changes inForce = changes;
                StatusServer status = options.statusServer();
                ControlSocket control = options.controlSocket(role);
                ServiceManager manager = ServiceManager.of(
                        System.getenv(), ProcessHandle.current().pid())) {
            stop.closes(manager);
            stop.closes(control);
            inForce.beforeStart();
            try (Bindlink node = builder.start()) {
                stop.closes(node);
                NodeOptions.log().info(greeting.greet(node));
                inForce.afterStart(node.status().device());
                status.serve(node);
                control.serve(new Control(node, inForce::keepOut));
                manager.ready(node::status);
                WarmUp.ofCode(() -> awaitPeer(node));
                return awaitEnd(node);
            }
        } finally {
            stop.release();
        }
    }

    /** Once a link is up, and what waited for it was answered, there is time for other things. */
    private static void awaitPeer(Bindlink node) {
        try {
            node.awaitUp(Duration.ofDays(365));
            Thread.sleep(FIRST_WORDS.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
