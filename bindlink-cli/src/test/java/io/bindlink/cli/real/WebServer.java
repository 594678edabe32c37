package io.bindlink.cli.real;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What is reached through TCP mode: a page whose script counts the pictures that arrived, bytes by the million, and an echo.
 * Its own program, for a namespace of its own: {@code WebServer WEB_PORT ECHO_PORT}.
 */
final class WebServer {
    static final int PICTURES = 20;

    private static final byte[] PICTURE =
            "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>".getBytes(StandardCharsets.US_ASCII);

    private WebServer() {}

    public static void main(String[] arguments) throws IOException {
        ExecutorService threads = Executors.newCachedThreadPool();
        HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(arguments[0])), 100);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            System.out.println(
                    "page for " + exchange.getRemoteAddress().getAddress().getHostAddress());
            answer(exchange, "text/html", page());
        });
        server.createContext("/picture/", exchange -> answer(exchange, "image/svg+xml", PICTURE));
        server.createContext("/bytes/", WebServer::bytes);
        server.start();
        ServerSocket echo = new ServerSocket(Integer.parseInt(arguments[1]), 1_024, InetAddress.getByName("0.0.0.0"));
        System.out.println("ready");
        while (true) {
            Socket socket = echo.accept();
            threads.execute(() -> echo(socket));
        }
    }

    private static byte[] page() {
        StringBuilder page = new StringBuilder("<html><body><p id='count'>0</p><script>var n = 0;"
                + "function one() { document.getElementById('count').textContent = (++n) + ' pictures'; }</script>");
        for (int i = 0; i < PICTURES; i++) {
            page.append("<img onload='one()' src='/picture/").append(i).append("'>");
        }
        return page.append("</body></html>\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    /** {@code /bytes/N}: a million bytes N times, the same for every request. */
    private static void bytes(HttpExchange exchange) throws IOException {
        int millions = Integer.parseInt(exchange.getRequestURI().getPath().substring("/bytes/".length()));
        exchange.sendResponseHeaders(200, millions * 1_000_000L);
        SplittableRandom random = new SplittableRandom(1);
        byte[] million = new byte[1_000_000];
        try (OutputStream out = exchange.getResponseBody()) {
            for (int i = 0; i < millions; i++) {
                random.nextBytes(million);
                out.write(million);
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            System.out.println("echo: " + e);
        }
    }
}
