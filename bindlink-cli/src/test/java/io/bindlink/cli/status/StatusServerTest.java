package io.bindlink.cli.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.LinkUri;
import io.bindlink.api.Role;
import io.bindlink.api.TunConfig;
import io.bindlink.api.TunDevice;
import io.bindlink.cli.LeftThreads;
import io.bindlink.core.Bindlink;
import io.bindlink.core.PresharedKey;
import io.bindlink.tun.tcp.TcpTunDevice;
import io.bindlink.tun.tcp.TcpTunDeviceProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pair in this process, asked by HTTP. */
@Timeout(60)
class StatusServerTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final PresharedKey KEY = PresharedKey.generate();

    private final HttpClient client = HttpClient.newHttpClient();
    private Bindlink master;
    private Bindlink slave;
    private TcpTunDevice entrance;
    private StatusServer server;

    @BeforeEach
    void start() throws IOException {
        master = Bindlink.master()
                .key(KEY)
                .tun(device(Role.MASTER, TcpTunDeviceProvider.CONNECT, "127.0.0.1:9"))
                .start();
        InetSocketAddress listening = master.linkMap().startListener(ANY);
        entrance = (TcpTunDevice) device(Role.SLAVE, TcpTunDeviceProvider.LISTEN, "0");
        slave = Bindlink.slave().key(KEY).tun(entrance).start();
        server = StatusServer.bind(ANY, null);
        server.serve(slave);
        assertThat(get("/healthz").statusCode()).isEqualTo(503);
        slave.linkMap().initiateLink(LinkUri.parse("udp://127.0.0.1:" + listening.getPort()));
        slave.linkMap().initiateLink(LinkUri.parse("udp://127.0.0.1:" + listening.getPort() + "?from=127.0.0.1"));
    }

    @AfterEach
    void close() {
        server.close();
        slave.close();
        master.close();
        assertThat(LeftThreads.of("bindlink-http")).isEmpty();
    }

    @Test
    void healthIsUpFromTheFirstSessionOnAndDownAfterTheLast() throws Exception {
        slave.awaitUp(Duration.ofSeconds(10));
        assertThat(awaited("/healthz", 200)).isEqualTo("up\n");
        master.close();
        assertThat(awaited("/healthz", 503)).isEqualTo("down\n");
    }

    @Test
    void metricsTellWhatTheNodeDoes() throws Exception {
        slave.awaitUp(Duration.ofSeconds(10));
        send(100_000);
        HttpResponse<String> response;
        do {
            response = get("/metrics");
        } while (upLinks(response.body()) < 2); // the test's timeout ends it
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain; version=0.0.4");
        Exposition seen = Exposition.parse(response.body());
        assertThat(seen.value("bindlink_tunnel_up")).isEqualTo(1);
        assertThat(seen.value("bindlink_tunnel_start_time_seconds"))
                .isBetween(System.currentTimeMillis() / 1e3 - 60, System.currentTimeMillis() / 1e3);
        assertThat(seen.value("bindlink_handshakes_total", "result", "completed"))
                .isEqualTo(1);
        assertThat(seen.value("bindlink_hellos_sent_total")).isPositive();
        assertThat(seen.value("bindlink_dropped_packets_total", "reason", "auth"))
                .isZero();
        assertThat(seen.samples("bindlink_build_info")).hasSize(1);
        double sent = 0;
        for (String link : List.of("1", "2")) {
            String[] labels = {"link", link, "type", "udp"};
            assertThat(seen.value("bindlink_link_up", labels)).isEqualTo(1);
            assertThat(seen.value("bindlink_link_state", "link", link, "type", "udp", "state", "up"))
                    .isEqualTo(1);
            assertThat(seen.value("bindlink_link_state", "link", link, "type", "udp", "state", "suspect"))
                    .isZero();
            assertThat(seen.value("bindlink_link_smoothed_rtt_seconds", labels)).isBetween(1e-6, 1.0);
            assertThat(seen.value("bindlink_link_relative_delay_seconds", labels))
                    .isBetween(0.0, 1.0);
            assertThat(seen.value("bindlink_link_max_payload_bytes", labels)).isBetween(500.0, 65_535.0);
            sent += seen.value("bindlink_link_transmit_bytes_total", labels);
        }
        assertThat(sent).isGreaterThan(1000);
        assertThat(response.body()).doesNotContain("127.0.0.1").doesNotContain("NaN");
    }

    @Test
    void openMetricsIsSpokenToWhoAsksForIt() throws Exception {
        HttpResponse<String> response = send(request("/metrics")
                .header("Accept", "application/openmetrics-text;version=1.0.0")
                .build());
        assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/openmetrics-text");
        assertThat(response.body()).endsWith("# EOF\n");
    }

    @Test
    void protocolBuffersAreAnsweredByText() throws Exception {
        HttpResponse<String> response = send(request("/metrics")
                .header(
                        "Accept",
                        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited")
                .build());
        assertThat(response.statusCode()).isEqualTo(200);
        Exposition.parse(response.body());
    }

    @Test
    void nothingElseIsThereAndNobodyCanWrite() throws Exception {
        assertThat(get("/favicon.ico").statusCode()).isEqualTo(404);
        assertThat(get("/metricsandmore").statusCode()).isEqualTo(404);
        assertThat(send(request("/metrics")
                                .POST(HttpRequest.BodyPublishers.ofString("x"))
                                .build())
                        .statusCode())
                .isEqualTo(405);
    }

    @Test
    void webPageOfAnotherNameIsRefused() throws IOException {
        assertThat(raw("GET /metrics HTTP/1.1\r\nHost: evil.example:8080\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(raw("GET /healthz HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\n\r\n"))
                .doesNotContain(" 403 ");
        assertThat(raw("GET /healthz HTTP/1.1\r\nHost: [::1]:8080\r\nConnection: close\r\n\r\n"))
                .doesNotContain(" 403 ");
        assertThat(raw("HEAD /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\n");
    }

    @Test
    void pageRunsNothingButItsOwn() throws IOException {
        HttpResponse<String> page = get("/");
        String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
        String nonce = policy.replaceFirst(".*script-src 'nonce-([^']+)'.*", "$1");
        assertThat(policy).startsWith("default-src 'none'; ").contains("frame-ancestors 'none'");
        assertThat(page.body().split("<script", -1)).hasSize(2);
        assertThat(page.body())
                .contains("<script nonce=\"" + nonce + "\">")
                .contains("<style nonce=\"" + nonce + "\">")
                .doesNotContain("@NONCE@")
                .doesNotContainPattern("(src|href)=\"(https?:)?//")
                .doesNotContain(" style=\"")
                .doesNotContain(" onclick=");
        assertThat(get("/").headers().firstValue("Content-Security-Policy").orElseThrow())
                .isNotEqualTo(policy);
    }

    @Test
    void statusIsToldOnceAndAsEvents() throws Exception {
        slave.awaitUp(Duration.ofSeconds(10));
        assertThat(get("/api/status").body()).startsWith("{\"schema\":1,\"role\":\"slave\"");
        HttpResponse<InputStream> events = client.send(request("/events").build(), BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
            for (int i = 0; i < 3; i++) {
                assertThat(lines.readLine()).startsWith("data: {\"schema\":1,").endsWith("}");
                assertThat(lines.readLine()).isEmpty();
            }
        }
    }

    @Test
    void whereATokenIsNeededOnlyHealthIsToldWithout() throws Exception {
        String token = "0123456789abcdefXYZ";
        try (StatusServer guarded = StatusServer.bind(ANY, token)) {
            guarded.serve(master);
            String url = "http://" + StatusServer.text(Objects.requireNonNull(guarded.address()));
            assertThat(status(url + "/healthz")).isIn(200, 503);
            for (String path : List.of("/", "/metrics", "/events", "/api/status", "/?token=wrong", "/nowhere")) {
                assertThat(status(url + path)).as(path).isEqualTo(401);
            }
            assertThat(status(url + "/metrics", "Authorization", "Bearer " + token))
                    .isEqualTo(200);
            assertThat(status(url + "/metrics", "Authorization", "Bearer " + token + "x"))
                    .isEqualTo(401);
            HttpResponse<String> entered = send(
                    HttpRequest.newBuilder(URI.create(url + "/?token=" + token)).build());
            assertThat(entered.statusCode()).isEqualTo(303);
            assertThat(entered.headers().firstValue("Location")).hasValue("/");
            String cookie = entered.headers().firstValue("Set-Cookie").orElseThrow();
            assertThat(cookie).endsWith("; Path=/; HttpOnly; SameSite=Strict");
            assertThat(status(url + "/", "Cookie", "a=b; " + cookie.split(";", 2)[0]))
                    .isEqualTo(200);
        }
    }

    private int status(String url, String... header) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (header.length > 0) {
            request.headers(header);
        }
        return send(request.build()).statusCode();
    }

    @Test
    void takenPortIsToldOf() {
        assertThatThrownBy(() -> StatusServer.bind(Objects.requireNonNull(server.address()), null))
                .isInstanceOf(BindException.class);
    }

    private static long upLinks(String metrics) {
        return metrics.lines()
                .filter(line -> line.startsWith("bindlink_link_up{") && line.endsWith(" 1.0"))
                .count();
    }

    private void send(int bytes) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(Objects.requireNonNull(entrance.localAddress()));
            socket.getOutputStream().write(new byte[bytes]);
        } catch (IOException e) {
            // nobody listens at the other end; the bond was used all the same
        }
    }

    private static TunDevice device(Role role, String option, String value) throws IOException {
        return new TcpTunDeviceProvider()
                .open(new TunConfig(
                        role,
                        Optional.empty(),
                        List.of(),
                        TunConfig.DEFAULT_MTU_BYTES,
                        false,
                        Map.of(option, List.of(value))));
    }

    private String awaited(String path, int status) throws IOException {
        HttpResponse<String> response;
        do {
            response = get(path);
        } while (response.statusCode() != status); // the test's timeout ends it
        return response.body();
    }

    private HttpResponse<String> get(String path) throws IOException {
        return send(request(path).build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://" + StatusServer.text(Objects.requireNonNull(server.address())) + path));
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String raw(String request) throws IOException {
        InetSocketAddress address = Objects.requireNonNull(server.address());
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
