package io.bindlink.cli.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.real.Testbed.Side;
import io.bindlink.core.base.NeedsRealNetwork;
import io.bindlink.core.base.RealNetwork;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page where others can reach it: only who knows the token that the node made gets in. */
@NeedsRealNetwork
@Timeout(90)
class PageIT {
    private static final Duration UP = Duration.ofSeconds(40);
    private static final String AT = "http://10.80.0.1:8081";

    @Test
    void strangerNeedsTheTokenThatWasPrinted(@TempDir Path directory) throws Exception {
        RealNetwork.assumeProgram("curl");
        try (Testbed net = new Testbed(directory)) {
            Program master = net.master("--http-listen=10.80.0.1:8081", "--connect-tcp=localhost:22");
            String page = master.await("token=", UP).text();
            assertThat(page).matches("http://10\\.80\\.0\\.1:8081/\\?token=[A-Za-z0-9_-]{24}");
            String token = page.substring(page.indexOf('=') + 1);
            master.await("master listens", UP);
            net.awaitShell(Side.FIELD, code("/healthz"), "503", UP); // nobody has joined
            for (String path : new String[] {"/", "/metrics", "/api/status", "/events", "/?token=" + token + "x"}) {
                assertThat(net.shell(Side.FIELD, code(path))).as(path).isEqualTo("401");
                assertThat(net.shell(Side.MASTER, code(path)))
                        .as(path)
                        .isEqualTo("401"); // this machine is no exception
            }
            assertThat(net.shell(Side.FIELD, code("/metrics") + " -H 'Authorization: Bearer " + token + "'"))
                    .isEqualTo("200");
            Path jar = directory.resolve("cookies");
            assertThat(net.shell(Side.FIELD, "curl -sS -L -c " + jar + " -b " + jar + " '" + page + "'"))
                    .contains("<html", "</html>");
            assertThat(net.shell(Side.FIELD, code("/api/status") + " -b " + jar))
                    .isEqualTo("200");
            master.stop();
            assertThat(String.join("\n", master.output()).split(token, -1)).hasSize(2); // printed once, logged nowhere
        }
    }

    @Test
    void pageOfAnotherNameIsRefusedOnLoopback(@TempDir Path directory) throws Exception {
        RealNetwork.assumeProgram("curl");
        try (Testbed net = new Testbed(directory)) {
            net.master("--connect-tcp=localhost:22").await("a page is at", UP);
            String page = "curl -sS -o " + directory.resolve("out") + " -w '%{http_code}' http://127.0.0.1:8080/";
            assertThat(net.shell(Side.MASTER, page)).isEqualTo("200");
            assertThat(net.shell(Side.MASTER, page + " -H 'Host: evil.example:8080'"))
                    .isEqualTo("403");
        }
    }

    /** Prints the status code. Without -f: it is no failure. */
    private static String code(String path) {
        return "curl -sS -m 20 -o /dev/null -w '%{http_code}' '" + AT + path + "'";
    }
}
