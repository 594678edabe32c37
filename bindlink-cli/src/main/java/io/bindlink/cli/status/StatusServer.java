package io.bindlink.cli.status;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkStats;
import io.bindlink.core.Bindlink;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Tells of one node by HTTP: a page for people, {@code /events} and {@code /api/status} behind it, {@code /metrics} for
 * Prometheus, and {@code /healthz}, 200 while a session is up and 503 while not. Read-only; shows no key or user name.
 * Thread-safe.
 */
public final class StatusServer implements AutoCloseable {
    private static final int WATCHERS = 8; // pages that are open at once; each holds a thread
    private static final int THREADS = WATCHERS + 8; // as many other clients may be slow before more have to wait
    private static final long LOOK_MILLIS = 100; // a link that is cut shows at once
    private static final int LOOKS = 5; // between two that show nothing new but figures
    private static final int IDLE_SECONDS = 5;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String THERE_ARE = "there are /, /metrics, /healthz and /api/status\n";

    private final @Nullable HttpServer server;
    private final Access access;
    private final Semaphore watchers = new Semaphore(WATCHERS);
    private @Nullable Metrics metrics;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), StatusServer::daemon);

    static {
        // Seconds after which a client that sends nothing is let go, or one that watches must ask anew, which a browser
        // does by
        // itself; read when the first server is made. Other answers fit the socket's buffer, so that nobody can hold
        // them up.
        System.setProperty("sun.net.httpserver.maxReqTime", "5");
        System.setProperty("sun.net.httpserver.maxRspTime", "3600");
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private StatusServer(@Nullable HttpServer server, Access access) {
        this.server = server;
        this.access = access;
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Takes a port; nobody is answered before {@link #serve}.
     *
     * @param local port 0: any free one
     * @param token what clients must know; null on loopback alone
     * @return to be closed
     * @throws IOException if the port cannot be had
     */
    public static StatusServer bind(InetSocketAddress local, @Nullable String token) throws IOException {
        return new StatusServer(
                HttpServer.create(local, 0), new Access(local.getAddress().isLoopbackAddress(), token));
    }

    /**
     * A server that no client reaches.
     *
     * @return one without a port
     */
    public static StatusServer nowhere() {
        return new StatusServer(null, new Access(true, null));
    }

    /**
     * Begins to answer. Once.
     *
     * @param node whose figures to tell
     */
    public void serve(Bindlink node) {
        if (server == null) {
            return;
        }
        long startMillis = System.currentTimeMillis();
        server.setExecutor(threads);
        Page page = new Page();
        server.createContext("/", guarded(page::answer));
        server.createContext("/events", guarded(exchange -> watch(exchange, node)));
        server.createContext(
                "/api/status",
                guarded(exchange -> answer(exchange, 200, "application/json", StatusJson.of(node.status()) + "\n")));
        server.createContext(
                "/metrics", guarded(exchange -> metrics(node, startMillis).answer(exchange)));
        server.createContext("/healthz", guarded(exchange -> {
            boolean up = node.stats().sessionUp();
            answer(exchange, up ? 200 : 503, TEXT, up ? "up\n" : "down\n");
        }));
        start(server);
        LoggerFactory.getLogger("bindlink")
                .info("a page is at http://{}/, metrics are at /metrics", text(server.getAddress()));
    }

    /**
     * Where it listens.
     *
     * @return null if nowhere
     */
    public @Nullable InetSocketAddress address() {
        return server == null ? null : server.getAddress();
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop(0);
        }
        threads.shutdownNow();
    }

    /**
     * An address for people.
     *
     * @param local resolved
     * @return such as {@code 127.0.0.1:8080} or {@code [::1]:8080}
     */
    public static String text(InetSocketAddress local) {
        String host = local.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + local.getPort();
    }

    /** Made when first asked for: a start need not wait until its library is loaded. */
    private synchronized Metrics metrics(Bindlink node, long startMillis) {
        Metrics made = metrics;
        if (made == null) {
            made = new Metrics(node::stats, startMillis);
            metrics = made;
        }
        return made;
    }

    static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        answer(exchange, status, type, body.getBytes(StandardCharsets.UTF_8));
    }

    static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    /** Server-sent events (HTML standard, section 9.2): the status, again and again, until the client is gone. */
    private void watch(HttpExchange exchange, Bindlink node) throws IOException {
        if (!watchers.tryAcquire()) {
            answer(exchange, 503, TEXT, "too many pages are open\n");
            return;
        }
        try {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            while (exchange.getRequestMethod().equals("GET")) {
                List<LinkState> shown = states(node);
                out.write(("data: " + StatusJson.of(node.status()) + "\n\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
                for (int i = 0; i < LOOKS && states(node).equals(shown); i++) {
                    Thread.sleep(LOOK_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the server is closed
        } finally {
            watchers.release();
        }
    }

    private static List<LinkState> states(Bindlink node) {
        return node.stats().links().stream().map(LinkStats::state).toList();
    }

    /** Lets nobody write, and only those read who may. */
    private HttpHandler guarded(HttpHandler handler) {
        return exchange -> {
            try (exchange) {
                String method = exchange.getRequestMethod();
                boolean known = exchange.getRequestURI()
                        .getPath()
                        .equals(exchange.getHttpContext().getPath());
                if (!access.grant(exchange)) {
                    return;
                }
                if (!method.equals("GET") && !method.equals("HEAD")) {
                    exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                    answer(exchange, 405, TEXT, "only GET and HEAD\n");
                } else if (!known) {
                    answer(exchange, 404, TEXT, THERE_ARE);
                } else {
                    handler.handle(exchange);
                }
            } catch (RuntimeException | LinkageError e) { // the client is let go without an answer; the node goes on
                LoggerFactory.getLogger("bindlink")
                        .warn("{} failed: {}", exchange.getHttpContext().getPath(), e.toString());
            }
        };
    }

    /** The server's own thread is a daemon if the one that starts it is. */
    private static void start(HttpServer server) {
        Thread starter = daemon(server::start);
        starter.start();
        try {
            starter.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "bindlink-http");
        thread.setDaemon(true);
        return thread;
    }
}
