package io.bindlink.core.io;

import io.bindlink.api.LinkId;
import io.bindlink.core.session.DialRequest;
import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that wait for name servers and proxies, {@code bindlink-dial-N}: a few, so that a dead proxy does not hold
 * up the others, and none while there is nothing to do. Thread-safe.
 */
final class DialPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DialPool.class);
    private static final int THREADS = 8; // a dial gives up after ten seconds; the queue holds one for each link
    private static final long IDLE_SECONDS = 2;

    private final Dialer dialer;
    private final ThreadPoolExecutor threads;

    DialPool(Dialer dialer, ThreadFactory factory) {
        this.dialer = dialer;
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        threads.allowCoreThreadTimeOut(true);
    }

    /** Begins a dial; the engine gets its outcome. */
    void dial(DialRequest request, int ticket, Engine engine) {
        execute(() -> {
            LinkId link = request.linkId();
            try {
                engine.handleDialed(link, ticket, dialer.dial(request.uri()));
            } catch (DatagramsRefusedException e) {
                LOG.debug("link {} ({})", link, request.uri(), e);
                dialer.count(e.kind());
                engine.handleDatagramsRefused(link, ticket, String.valueOf(e.getMessage()));
            } catch (IOException e) {
                LOG.debug("link {} ({})", link, request.uri(), e);
                dialer.count(LinkFailure.of(e));
                engine.handleDialFailed(link, ticket, String.valueOf(e.getMessage()));
            } catch (RuntimeException e) { // our bug, but no reason to let the link hang
                LOG.warn("link {} ({})", link, request.uri(), e);
                dialer.count(LinkFailure.OTHER);
                engine.handleDialFailed(link, ticket, e.toString());
            }
        });
    }

    /** Does other work that may take its time. */
    void execute(Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.trace("closed", e);
        }
    }

    /** Breaks off all dials. */
    @Override
    public void close() {
        threads.shutdownNow();
        dialer.close();
    }
}
