package io.bindlink.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.status.StatusServer;
import io.bindlink.core.Bindlink;
import io.bindlink.core.PresharedKey;
import io.bindlink.core.stream.ByteStream;
import io.bindlink.core.stream.Streams;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The page in a real browser, over a bond through emulated phones that is kept busy. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
class WebPageIT {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final List<PhoneModel> PHONES =
            List.of(new PhoneModel("one", 4, 30, 2, 0), new PhoneModel("two", 2, 60, 5, 0.01));

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private Air air;
    private Browser browser;
    private String url;

    @BeforeAll
    void start() throws Exception {
        browser = opened(new Browser());
        air = opened(new Air(PHONES, 1));
        PresharedKey key = PresharedKey.generate();
        Streams entrance = new Streams();
        Bindlink master = opened(Bindlink.master().key(key).tun(new Streams()).start());
        int port = master.linkMap().startListener(ANY).getPort();
        Bindlink slave = opened(Bindlink.slave()
                .key(key)
                .proxyTarget("127.0.0.1:" + port)
                .link("socks5://127.0.0.1:" + air.phones().get(0).port())
                .link("socks5://127.0.0.1:" + air.phones().get(1).port())
                .tun(entrance)
                .start());
        slave.awaitUp(Duration.ofSeconds(20));
        StatusServer server = opened(StatusServer.bind(ANY, null));
        server.serve(slave);
        url = "http://" + StatusServer.text(Objects.requireNonNull(server.address())) + "/";
        keepBusy(entrance);
        browser.size(1000, 1250, true);
        browser.open(url);
        browser.await("document.querySelectorAll('.link').length == 2");
        browser.await("document.querySelectorAll('.state.up').length == 2");
        browser.await("document.querySelectorAll('#c-out polygon').length == 2");
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.push(resource);
        return resource;
    }

    private static void keepBusy(Streams entrance) throws IOException, InterruptedException {
        ByteStream stream = entrance.open("busy");
        Thread writer = new Thread(
                () -> {
                    try {
                        while (true) {
                            stream.write(new byte[10_000], 0, 10_000);
                        }
                    } catch (IOException e) {
                        // the bond is closed
                    }
                },
                "busy");
        writer.setDaemon(true);
        writer.start();
    }

    @AfterAll
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    @Test
    void chartsMoveAndFiguresAreThere() throws Exception {
        String points = "document.querySelector('#c-out polygon').getAttribute('points')";
        String before = browser.value(points);
        browser.await(points + " != '" + before + "'");
        browser.await("Number(document.getElementById('out').textContent) > 0");
        browser.await("document.querySelectorAll('#causes div').length > 1");
        browser.await("document.querySelector('[data-chart=rtt] polyline').getAttribute('points').length > 0");
        assertThat(browser.value("document.getElementById('legend').textContent"))
                .contains("goodput");
        assertThat(browser.value("document.getElementById('events').textContent"))
                .contains("session up");
        assertThat(browser.value("document.getElementById('role').textContent")).isEqualTo("slave");
    }

    @Test
    void linkThatIsCutTurnsRedAndBackAgain() throws Exception {
        long now = System.nanoTime();
        air.phones().get(1).cut(now, now + Duration.ofSeconds(8).toNanos());
        browser.await("document.getElementById('link-2').classList.contains('isdown')");
        System.out.printf("the page shows the cut after %d ms%n", (System.nanoTime() - now) / 1_000_000);
        assertThat(browser.value("getComputedStyle(document.getElementById('link-2')).borderLeftColor"))
                .isEqualTo("rgb(242, 97, 107)");
        assertThat(browser.value("document.getElementById('health').textContent"))
                .isEqualTo("degraded");
        browser.screenshot(target("page-cut.png"));
        browser.await("document.getElementById('link-2').querySelector('.state').textContent == 'up'");
    }

    @Test
    void fitsATelephoneInTheDark() throws Exception {
        browser.size(400, 800, true);
        browser.await("innerWidth == 400");
        assertThat(browser.value("document.documentElement.scrollWidth")).isEqualTo("400");
        assertThat(browser.value("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(14, 17, 22)");
        browser.screenshot(target("page-phone.png"));
        browser.size(1000, 1250, false);
        browser.await("getComputedStyle(document.body).backgroundColor == 'rgb(245, 246, 248)'");
        browser.size(1000, 1250, true);
        browser.await("innerWidth == 1000");
    }

    @Test
    void everythingIsReachedByKeyboard() throws Exception {
        browser.value("document.activeElement.blur()");
        browser.press("Tab", "Tab", 9);
        browser.await("document.activeElement.id == 'hold'");
        browser.press(" ", "Space", 32);
        browser.await("document.getElementById('hold').getAttribute('aria-pressed') == 'true'");
        browser.press(" ", "Space", 32);
        browser.await("document.getElementById('hold').getAttribute('aria-pressed') == 'false'");
        for (String next : new String[] {"link-1", "link-2", "events"}) {
            browser.press("Tab", "Tab", 9);
            browser.await("document.activeElement.id == '" + next + "'");
        }
    }

    @Test
    void asksNobodyElseAndComplainsOfNothing() throws Exception {
        String points = "document.querySelector('#c-in polygon').getAttribute('points')";
        browser.await(points + " != '" + browser.value(points) + "'");
        assertThat(browser.requested())
                .contains(url, url + "events")
                .allMatch(each -> each.startsWith(url) || each.equals("data:,"));
        assertThat(browser.complaints()).isEmpty();
    }

    private static Path target(String name) throws IOException {
        return Files.createDirectories(Path.of("target")).resolve(name);
    }
}
