package io.bindlink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.PresharedKey;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
    @TempDir
    private Path directory;

    private Path keyFile;

    @BeforeEach
    void makeKey() {
        keyFile = directory.resolve("key");
        assertThat(Invocation.of("genkey", "--out", keyFile.toString()).exitCode())
                .isZero();
    }

    /** KEY stands for a good key file, PROXIES for links that need nothing more. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                       | 2 | a command is missing; known are completion, demo, doctor, genkey, join, link, list, master, probe, slave, status
            slav                                     | 2 | unexpected argument 'slav' (did you mean 'slave'?)
            --bogus                                  | 2 | unknown option '--bogus'
            master KEY --shceduler=weighted          | 2 | unknown option '--shceduler' (did you mean '--scheduler'?)
            slave --listen-tcp 0                     | 2 | a slave needs the line that its master prints: --join LINE, --join-file FILE or BINDLINK_JOIN in the environment; or --key-file FILE
            master --key-file /nowhere/key --listen-tcp 0 | 3 | key file /nowhere/key does not exist
            master KEY --listen-port x               | 2 | invalid value for option '--listen-port': 'x' is not an int
            master KEY --listen-port 65536           | 2 | --listen-port 65536 is not in 0..65535
            master KEY --mtu 575                     | 2 | --mtu 575 is not in 576..65535
            master KEY --tun tcp                     | 2 | --tun tcp needs --connect-tcp, --listen-tcp, --forward, --socks-listen or --allow
            master KEY --tun jna --listen-tcp 0      | 2 | --connect-tcp, --listen-tcp, --forward, --socks-listen or --allow go with --tun tcp, not with --tun jna
            master KEY --connect-tcp 80              | 3 | tun device 'tcp': connect-tcp '80': write HOST:PORT, or [ADDRESS]:PORT for IPv6
            master KEY --listen-tcp 65536            | 3 | tun device 'tcp': listen-tcp '65536': the port must be in 0..65535
            master KEY --scheduler weighted,x        | 2 | invalid value for option '--scheduler': 'x' is not key=value; write NAME[,key=value]...
            slave KEY --listen-tcp 0                 | 2 | a slave needs links: give --proxies, --targets or --link
            slave KEY --proxies 10.0.0.1:1080        | 2 | --proxies needs --proxy-target HOST:PORT, the master as the proxies see it
            slave KEY PROXIES --timeout -1           | 2 | --timeout -1 is under 0
            slave KEY --listen-tcp 0 --link ftp://h  | 3 | link 'ftp://h': unknown kind of link; known are udp, socks5, tcp, socks5+tcp and http
            slave KEY --listen-tcp 0 --targets h:0   | 3 | link 'udp://h:0': port 0 is not in 1..65535
            slave KEY --listen-tcp 0 --proxy-target h --proxies p:1 | 3 | proxy target 'h': write HOST:PORT
            slave KEY PROXIES --proxy-password-file /nowhere/p | 3 | password file /nowhere/p does not exist
            demo --seconds 4                         | 2 | --seconds 4 is not in 5..18
            """)
    void explainsEachMistakeOnOneLine(String commandLine, int exitCode, String message) {
        Invocation invocation = run(commandLine);
        assertThat(invocation.err()).isEqualToIgnoringNewLines("bindlink: " + message);
        assertThat(invocation.err().lines()).hasSize(1);
        assertThat(invocation.exitCode()).isEqualTo(exitCode);
        assertThat(invocation.out()).isEmpty();
    }

    @Test
    void fileThatHoldsNoKeyIsNamedAndItsTextIsNot() throws IOException {
        Path wrong = Files.writeString(directory.resolve("wrong"), "my secret words");
        Invocation invocation = Invocation.of("master", "--key-file", wrong.toString(), "--listen-tcp", "0");
        assertThat(invocation.exitCode()).isEqualTo(3);
        assertThat(invocation.err())
                .startsWith("bindlink: key file " + wrong + ": ")
                .doesNotContain("secret");
        assertThat(invocation.err().lines()).hasSize(1);
    }

    @Test
    void busyTcpPortIsAnUnavailableTun() throws IOException {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Invocation invocation = run("slave KEY --targets 127.0.0.1:9 --listen-tcp " + busy.getLocalPort());
            assertThat(invocation.exitCode()).isEqualTo(4);
            assertThat(invocation.err()).contains("cannot listen on 127.0.0.1:" + busy.getLocalPort());
            assertThat(invocation.err().lines()).hasSize(1);
        }
    }

    @Test
    void busyUdpPortIsARuntimeFailure() throws IOException {
        try (DatagramSocket busy = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Invocation invocation =
                    run("master KEY --listen-tcp 0 --listen 127.0.0.1 --listen-port " + busy.getLocalPort());
            assertThat(invocation.exitCode()).isEqualTo(1);
            assertThat(invocation.err()).contains(Integer.toString(busy.getLocalPort()));
            assertThat(invocation.err().lines()).hasSize(1);
        }
    }

    @Test
    void slaveThatNobodyAnswersGivesUpAtItsTimeout() throws IOException {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Invocation invocation = run("slave KEY --listen-tcp 0 --log-level error --timeout 1 --link udp://127.0.0.1:"
                    + silent.getLocalPort());
            assertThat(invocation.exitCode()).isEqualTo(6);
            assertThat(invocation.err()).startsWith("bindlink: no session after 1000 ms: ");
            assertThat(invocation.err().lines()).hasSize(1);
        }
    }

    @Test
    void genkeyPrintsAKeyThatBothEndsCanRead() {
        Invocation first = Invocation.of("genkey");
        assertThat(first.exitCode()).isZero();
        assertThat(PresharedKey.parse(first.out()))
                .isNotEqualTo(PresharedKey.parse(Invocation.of("genkey").out()));
    }

    @Test
    void genkeyWritesAFileForItsOwnerAloneAndNeverOverwritesOne() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile)))
                .isEqualTo("rw-------");
        PresharedKey.read(keyFile);
        Invocation again = Invocation.of("genkey", "--out", keyFile.toString());
        assertThat(again.exitCode()).isEqualTo(3);
        assertThat(again.err())
                .isEqualToIgnoringNewLines("bindlink: file " + keyFile + " exists already and is not overwritten");
    }

    @Test
    void helpAndVersionAreNoFailures() {
        assertThat(Invocation.of("--help").exitCode()).isZero();
        assertThat(Invocation.of("--help").out()).contains("master", "slave", "genkey", "demo");
        assertThat(Invocation.of("slave", "--help").out()).contains("--proxies", "--proxy-target");
        assertThat(Invocation.of("--version").out()).startsWith("bindlink ");
    }

    private Invocation run(String commandLine) {
        String complete = commandLine
                .replace("KEY", "--key-file " + keyFile)
                .replace("PROXIES", "--listen-tcp 0 --proxy-target 127.0.0.1:9 --proxies user@127.0.0.1:9");
        return Invocation.of(complete.isEmpty() ? new String[0] : complete.split(" "));
    }
}
