package io.bindlink.cli.status;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.bindlink.cli.IpLiteral;
import io.bindlink.core.Bindlink;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Tells of one node by HTTP: {@code /metrics} for Prometheus and {@code /healthz}, 200 while a session is up and 503
 * while not. Read-only; shows no key, address or user name. Thread-safe.
 */
public final class StatusServer implements AutoCloseable {
    private static final int THREADS = 8; // as many clients may be slow before others have to wait
    private static final int IDLE_SECONDS = 5;
    private static final String TEXT = "text/plain; charset=utf-8";

    private final @Nullable HttpServer server;
    private final boolean loopback;
    private @Nullable Metrics metrics;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), StatusServer::daemon);

    static {
        // Seconds after which a client that sends or reads nothing is let go; read when the first server is made.
        System.setProperty("sun.net.httpserver.maxReqTime", "5");
        System.setProperty("sun.net.httpserver.maxRspTime", "5");
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private StatusServer(@Nullable HttpServer server, boolean loopback) {
        this.server = server;
        this.loopback = loopback;
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Takes a port; nobody is answered before {@link #serve}.
     *
     * @param local port 0: any free one
     * @return to be closed
     * @throws IOException if the port cannot be had
     */
    public static StatusServer bind(InetSocketAddress local) throws IOException {
        return new StatusServer(HttpServer.create(local, 0), local.getAddress().isLoopbackAddress());
    }

    /**
     * A server that no client reaches.
     *
     * @return one without a port
     */
    public static StatusServer nowhere() {
        return new StatusServer(null, true);
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
        server.createContext(
                "/", guarded(exchange -> answer(exchange, 404, TEXT, "there are /metrics and /healthz\n")));
        server.createContext(
                "/metrics", guarded(exchange -> metrics(node, startMillis).answer(exchange)));
        server.createContext("/healthz", guarded(exchange -> {
            boolean up = node.stats().sessionUp();
            answer(exchange, up ? 200 : 503, TEXT, up ? "up\n" : "down\n");
        }));
        start(server);
        LoggerFactory.getLogger("bindlink").info("metrics are at http://{}/metrics", text(server.getAddress()));
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
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    /** Lets nobody write, and no web page of another name read: a name server may tell it that it is our address. */
    private HttpHandler guarded(HttpHandler handler) {
        return exchange -> {
            try (exchange) {
                String method = exchange.getRequestMethod();
                boolean known = exchange.getRequestURI()
                        .getPath()
                        .equals(exchange.getHttpContext().getPath());
                if (loopback && !isLocalName(exchange.getRequestHeaders().getFirst("Host"))) {
                    answer(exchange, 403, TEXT, "ask for an IP address or localhost\n");
                } else if (!method.equals("GET") && !method.equals("HEAD")) {
                    exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                    answer(exchange, 405, TEXT, "only GET and HEAD\n");
                } else if (!known) {
                    answer(exchange, 404, TEXT, "there are /metrics and /healthz\n");
                } else {
                    handler.handle(exchange);
                }
            } catch (RuntimeException | LinkageError e) { // the client is let go without an answer; the node goes on
                LoggerFactory.getLogger("bindlink").warn("{} failed: {}", exchange.getRequestURI(), e.toString());
            }
        };
    }

    private static boolean isLocalName(@Nullable String host) {
        if (host == null) {
            return true; // HTTP/1.0; a web browser always says it
        }
        String name = host.replaceFirst(":\\d*$", "");
        boolean bracketed = name.startsWith("[") && name.endsWith("]");
        return name.equalsIgnoreCase("localhost")
                || IpLiteral.parse(bracketed ? name.substring(1, name.length() - 1) : name)
                        .isPresent();
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
