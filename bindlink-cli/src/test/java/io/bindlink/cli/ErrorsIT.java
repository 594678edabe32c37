package io.bindlink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.core.Bindlink;
import io.bindlink.core.JoinLine;
import io.bindlink.core.PresharedKey;
import io.bindlink.core.base.RealNetwork;
import io.bindlink.core.stream.Streams;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user sees who makes a mistake: an exit code and one line, whatever it was. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT) // most of the time each row's process waits
class ErrorsIT {
    private static final String LOG_LINE = "\\d\\d:\\d\\d:\\d\\d (INFO|WARN|ERROR) .+";
    private static final int SHORT_OF_WORDS = 200; // a line, not a page

    private final Map<String, String> words = new HashMap<>();
    private Path directory;
    private DatagramSocket busyUdp;
    private ServerSocket busyTcp;
    private Bindlink master;

    @BeforeAll
    void prepare() throws IOException {
        directory = Files.createTempDirectory("bindlink-errors");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path key = file("key", PresharedKey.generate().text(), "rw-------");
        busyUdp = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        busyTcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        master = Bindlink.master()
                .key(PresharedKey.generate())
                .tun(new Streams())
                .start();
        InetSocketAddress listening =
                master.linkMap().startListener(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        words.put("DIR", directory.toString());
        words.put("EMPTY", Files.createDirectory(directory.resolve("empty")).toString());
        words.put("KEY", "--key-file " + key);
        words.put("NODE", "--key-file " + key + " --http-listen 0 --listen-tcp 0");
        words.put(
                "OPEN",
                file("open", PresharedKey.generate().text(), "rw-r--r--").toString());
        words.put(
                "GARBAGE", file("garbage", "my dog's name, twice", "rw-------").toString());
        words.put("UDP_PORT", Integer.toString(busyUdp.getLocalPort()));
        words.put("TCP_PORT", Integer.toString(busyTcp.getLocalPort()));
        words.put("MASTER", "127.0.0.1:" + listening.getPort());
        String line = JoinLine.of("127.0.0.1:" + listening.getPort(), PresharedKey.generate())
                .text();
        words.put("OTHER", line); // the right place, another key
        words.put("OPENED", file("opened", line + "\n", "rw-r--r--").toString());
        words.put(
                "BINARY",
                Files.write(directory.resolve("binary"), new byte[] {'a', -1, '\n'})
                        .toString());
        words.put("MISTYPED", line.replace("127.0.0.1", "127.0.0.2"));
        words.put(
                "CUT",
                file("cut", line.substring(0, line.length() - 1), "rw-------").toString());
        words.put("SILENT", "--targets 127.0.0.1:" + busyUdp.getLocalPort());
        words.put(
                "ARGS",
                file("some.args", "--mtu 1400 # fine\n--shceduler=weighted\n", "rw-r--r--")
                        .toString());
    }

    @AfterAll
    void close() throws IOException {
        master.close();
        busyUdp.close();
        busyTcp.close();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # the key
            slave NODE --targets MASTER --timeout 6             | 6 | no session after 6000 ms: no answer from MASTER: not reachable, or the key differs
            slave --key-file OPEN --http-listen 0 --listen-tcp 0 SILENT --timeout 1 | 6 | no session after 1000 ms
            slave --key-file /nowhere/key --listen-tcp 0 SILENT | 3 | key file /nowhere/key does not exist
            slave --key-file GARBAGE --listen-tcp 0 SILENT      | 3 | key file GARBAGE:
            slave --key-file DIR --listen-tcp 0 SILENT          | 3 | key file DIR cannot be read: it is a directory
            slave SILENT --listen-tcp 0                         | 2 | a slave needs the line that its master prints: --join LINE, --join-file FILE or BINDLINK_JOIN
            --proxy_target h:1 --proxies p:1                    | 2 | a slave needs the line that its master prints
            slave --join OTHER --listen-tcp 0 --http-listen 0 --timeout 6 | 6 | no session after 6000 ms: no answer from MASTER: not reachable, or the key differs
            slave --join MISTYPED --listen-tcp 0                | 3 | join line: its check does not fit: something in it, be it host or port, was mistyped; copy the whole line from the master once more
            slave --join-file CUT --listen-tcp 0                | 3 | join line: its last part has 47 characters instead of 48: some are missing or too many
            slave --join bindlink-cli --listen-tcp 0            | 3 | join line: there is no bindlink://HOST:PORT/SECRET in it
            slave --join-file /nowhere/line                     | 3 | join file /nowhere/line does not exist
            slave --join-file DIR                               | 3 | join file DIR is not a join line's
            slave --join OTHER --join-file CUT                  | 2 | give --join or --join-file, not both
            slave --join OTHER KEY                              | 2 | the join line has the key already: give it or --key-file, not both
            join --key-file /nowhere/key                        | 3 | key file /nowhere/key does not exist
            join KEY --join-address h:x                         | 3 | the master's address 'h:x': the port must be in 1..65535
            slave --join-file BINARY                            | 3 | join file BINARY cannot be read: it holds no text
            slave OTHER --listen-tcp 0                          | 2 | a join line without --join before it
            bindlink-cli slave --join OTHER --listen-tcp 0      | 2 | unexpected argument 'bindlink-cli': in a join line it stands for what was typed already; leave it out
            slave NODE --link OTHER                             | 2 | a join line is no link: give it by --join or --join-file
            genkey --out OPEN                                   | 3 | file OPEN exists already and is not overwritten
            genkey --out DIR/no/where                           | 3 | file DIR/no/where cannot be written: no such file or directory
            genkey --out /proc/key                              | 3 | file /proc/key cannot be written:
            # words
            ``                                                  | 2 | a command is missing; known are completion, demo, doctor, genkey, join, link, list, master, probe, slave, status
            slav                                                | 2 | unexpected argument 'slav' (did you mean 'slave'?)
            --bogus                                             | 2 | unknown option '--bogus'
            master KEY --shceduler=weighted                     | 2 | unknown option '--shceduler' (did you mean '--scheduler'?)
            --listen_port 4500 --key_fil K                      | 2 | unknown option '--key-fil' (did you mean '--key-file'?)
            master NODE @ARGS                                   | 2 | ARGS:2: unknown option '--shceduler' (did you mean '--scheduler'?)
            master @/nowhere/args                               | 3 | argument file /nowhere/args does not exist
            master NODE --log-level loud                        | 2 | invalid value for option '--log-level': expected one of [ERROR, WARN, INFO, DEBUG, TRACE]
            # a running node
            status --socket /nowhere/s                          | 7 | no node answers at /nowhere/s: there is no such socket
            status --socket GARBAGE                             | 7 | no node answers at GARBAGE:
            link                                                | 2 | what to do is missing: link list, add URI, remove LINK, pause LINK or resume LINK
            link list --socket /nowhere/s                       | 7 | no node answers at /nowhere/s
            link add ftp://h --socket /nowhere/s                | 3 | link 'ftp://h': unknown kind of link
            link remove --socket /nowhere/s                     | 2 | missing required parameter: 'LINK'
            link remvoe 1                                       | 2 | unexpected argument 'remvoe' (did you mean 'remove'?)
            master NODE --control-socket /nowhere/s             | 3 | control socket /nowhere/s cannot be made: no such file or directory
            # a probe
            probe                                               | 2 | missing required parameter: 'URI'
            probe udp://MASTER                                  | 2 | a probe needs the line that the master prints: --join LINE, --join-file FILE or BINDLINK_JOIN
            probe ftp://h --join OTHER                          | 3 | link 'ftp://h': unknown kind of link; known are udp, socks5, tcp, socks5+tcp and http
            probe socks5://h:0 --join OTHER                     | 3 | link 'socks5://h:0': port 0 is not in 1..65535
            probe socks5://me:pw@h:1 --join OTHER               | 3 | link 'socks5://***@h:1': a password does not belong in a URI; put it in a file: ?password-file=FILE
            probe udp://MASTER --join-file CUT                  | 3 | join line: its last part has 47 characters instead of 48: some are missing or too many
            probe udp://MASTER KEY --proxy-target h:x           | 3 | proxy target 'h:x'
            probe udp://MASTER --join OTHER --idle -1           | 2 | --idle -1 is not in 0..3600
            probe udp://MASTER --join OTHER --idle 3601         | 2 | --idle 3601 is not in 0..3600
            probe udp://MASTER --join OTHER --idle long         | 2 | invalid value for option '--idle': 'long' is not an int
            probe udp://MASTER --join OTHER --idle              | 2 | missing required parameter for option '--idle' (SECONDS)
            # numbers
            master NODE --listen-port 65536                     | 2 | --listen-port 65536 is not in 0..65535
            master NODE --listen-port x                         | 2 | invalid value for option '--listen-port': 'x' is not an int
            master NODE --listen-port                           | 2 | missing required parameter for option '--listen-port' (PORT)
            master NODE --mtu 575                               | 2 | --mtu 575 is not in 576..65535
            master NODE --mtu 600 --mtu 700                     | 2 | option '--mtu' (BYTES) should be specified only once
            slave NODE SILENT --timeout -1                      | 2 | --timeout -1 is under 0
            master KEY --listen-tcp 0 --http-listen 65536       | 2 | --http-listen '65536': the port must be in 0..65535
            master NODE --http-token-file /nowhere/token        | 3 | token file /nowhere/token cannot be read: no such file or directory
            master NODE --http-token-file GARBAGE               | 3 | token file GARBAGE: a token has 16 characters or more, of letters, digits, - and _
            master KEY --listen-tcp 65536 --http-listen 0       | 3 | tun device 'tcp': listen-tcp '65536': the port must be in 0..65535
            # places
            master NODE --listen 127.0.0.1 --listen-port UDP_PORT | 1 | cannot listen at 127.0.0.1:UDP_PORT: Address already in use
            master KEY --listen-tcp 0 --http-listen TCP_PORT    | 1 | HTTP cannot listen on 127.0.0.1:TCP_PORT: Address already in use
            master KEY --http-listen 0 --listen-tcp TCP_PORT    | 4 | cannot listen on 127.0.0.1:TCP_PORT
            master NODE --listen nosuch.invalid                 | 2 | --listen nosuch.invalid is no local address
            slave NODE --targets nosuch.invalid:4500 --timeout 3 | 6 | nosuch.invalid
            slave NODE --link ftp://h                           | 3 | link 'ftp://h': unknown kind of link; known are udp, socks5, tcp, socks5+tcp and http
            slave NODE --link udp://h:0                         | 3 | link 'udp://h:0': port 0 is not in 1..65535
            slave NODE --link socks5://me:pw@h:1                | 3 | link 'socks5://***@h:1': a password does not belong in a URI; put it in a file: ?password-file=FILE
            slave NODE --link udp://h?form=1.2.3.4              | 3 | link 'udp://h?form=1.2.3.4': unknown setting 'form'; known are from, dev and password-file
            slave NODE --link tcp://me@h:1                      | 3 | link 'tcp://***@h:1': only proxies take a user name
            slave NODE --link tcp://h:99999                     | 3 | link 'tcp://h:99999': port 99999 is not in 1..65535
            slave NODE --link socks5+tcp://h                    | 3 | link 'socks5+tcp://h:1080': a proxy must be told where to send; set the proxy target, the master's HOST:PORT
            slave NODE --link http://h                          | 3 | link 'http://h:8080': a proxy must be told where to send; set the proxy target, the master's HOST:PORT
            slave NODE --link http://me:pw@h                    | 3 | link 'http://***@h': a password does not belong in a URI; put it in a file: ?password-file=FILE
            slave NODE --link http://h/path                     | 3 | link 'http://h/path': nothing may follow the port but ?from=, ?dev= and ?password-file=
            slave NODE --link https://h                         | 3 | link 'https://h': unknown kind of link; known are udp, socks5, tcp, socks5+tcp and http
            slave NODE --link tcp://127.0.0.1:UDP_PORT --timeout 2 | 6 | tcp://127.0.0.1:UDP_PORT: master 127.0.0.1:UDP_PORT cannot be reached: Connection refused
            slave NODE --link h                                 | 3 | link 'h': unknown kind of link
            slave NODE --link socks5://me@h?password-file=DIR   | 3 | password file DIR cannot be read: Is a directory
            slave NODE --link socks5://me@h?password-file=BINARY | 3 | password file BINARY cannot be read: it holds no text
            slave --join OTHER --listen-tcp 0 --proxies socks5://h:1 | 2 | --proxies takes HOST:PORT; a whole URI goes after --link
            slave NODE --targets udp://h:1                      | 2 | --targets takes HOST:PORT; a whole URI goes after --link
            slave NODE --proxies 10.0.0.1:1080                  | 2 | --proxies needs --proxy-target HOST:PORT, the master as the proxies see it
            slave NODE                                          | 2 | a slave needs links: give --proxies, --targets or --link
            slave NODE SILENT --route-links                     | 2 | --route-links needs links with ?from=ADDRESS, and there are none
            # routing
            slave KEY --http-listen 0 SILENT --route everything | 2 | --route 'everything': write ADDRESS/LENGTH, such as 0.0.0.0/0 or ::/0 for everything
            slave KEY --http-listen 0 SILENT --route 0.0.0.0/33 | 2 | --route '0.0.0.0/33': write ADDRESS/LENGTH
            slave NODE SILENT --route 0.0.0.0/0                 | 2 | --route goes with a tun device, not with --tun tcp
            master NODE --nat                                   | 2 | --nat goes with a tun device, not with --tun tcp
            # what is plugged in
            master KEY --http-listen 0 --tun nosuch             | 3 | unknown tun device 'nosuch'; known are
            master NODE --scheduler nosuch                      | 3 | unknown scheduler 'nosuch'; known are active-standby, adaptive, lowest-delay, redundant, round-robin, weighted
            master NODE --session-timeout 4                     | 2 | --session-timeout 4 is not in 5..1800
            master NODE --congestion-control nosuch             | 3 | unknown congestion control 'nosuch'; known are plain, rate
            master NODE --scheduler weighted,nosuch=1           | 3 | nosuch
            master NODE --scheduler weighted,trickle-percent=51 | 3 | trickle-percent
            master NODE --scheduler weighted,x                  | 2 | invalid value for option '--scheduler': 'x' is not key=value; write NAME[,key=value]...
            master NODE --multiplexer nosuch                    | 3 | unknown multiplexer 'nosuch'; known are bonding
            master NODE --plugins /nowhere/p.jar                | 3 | --plugins /nowhere/p.jar does not exist
            master NODE --plugins GARBAGE                       | 3 | --plugins GARBAGE is not a jar
            list --plugins GARBAGE                              | 3 | --plugins GARBAGE is not a jar
            list --plugins EMPTY                                | 3 | --plugins EMPTY has no jars
            # the tun device
            master KEY --http-listen 0 --tun-address 10.0.0.1    | 3 | tun device 'jna': address '10.0.0.1'
            master KEY --http-listen 0 --tun-address 10.0.0.1/33 | 3 | tun device 'jna': address '10.0.0.1/33'
            master KEY --http-listen 0 --tun-address ten/8       | 3 | tun device 'jna': address 'ten/8'
            master KEY --http-listen 0 --tun-name bindlink-is-great | 3 | tun device 'jna': name 'bindlink-is-great' is longer than 15 characters
            master NODE --tun-name bl0                          | 2 | --tun-name and --tun-address go with a tun device, not with --tun tcp
            """)
    void eachMistakeIsExplainedOnOneLine(String commandLine, int exitCode, String message) throws Exception {
        check(new BuiltJar(BuiltJar.path()), commandLine, exitCode, message);
    }

    @Test
    void keyThatOthersCanReadIsUsedAndWarnedOf() throws Exception {
        Invocation invocation = run(
                new BuiltJar(BuiltJar.path()),
                "slave --key-file OPEN --http-listen 0 --listen-tcp 0 SILENT --timeout 1");
        assertThat(invocation.err().lines().findFirst().orElseThrow())
                .matches(LOG_LINE)
                .contains("WARN key file " + words.get("OPEN") + " can be read by others; mend it with: chmod 600 ");
    }

    @Test
    void joinWithoutAMasterIsExplained() throws Exception {
        BuiltJar nowhere = new BuiltJar(BuiltJar.path(), "env", "STATE_DIRECTORY=/nowhere");
        check(
                nowhere,
                "join",
                3,
                "no master has made a key at /nowhere/master.key yet: start one with 'bindlink master'");
    }

    @Test
    void joinFileThatOthersCanReadIsUsedAndWarnedOf() throws Exception {
        Invocation invocation = run(
                new BuiltJar(BuiltJar.path()), "slave --join-file OPENED --http-listen 0 --listen-tcp 0 --timeout 1");
        assertThat(invocation.err().lines().findFirst().orElseThrow())
                .matches(LOG_LINE)
                .contains("WARN join file " + words.get("OPENED") + " can be read by others; mend it with: chmod 600 ");
        assertThat(invocation.err()).contains("slave started");
    }

    @Test
    void tunDeviceWithoutPermissionIsExplained() throws Exception {
        Path key = file("nobodys-key", PresharedKey.generate().text(), "rw-------");
        BuiltJar nobodys = asNobody(key);
        check(nobodys, "master --key-file " + key + " --http-listen 0 --listen-port 0", 4, "CAP_NET_ADMIN");
    }

    @Test
    void natWithoutNftIsExplained() throws Exception {
        RealNetwork.assumeAvailable();
        RealNetwork.assumeProgram("unshare");
        BuiltJar alone =
                new BuiltJar(BuiltJar.path(), "unshare", "--net", "env", "PATH=/nowhere"); // no ip there either
        check(
                alone,
                "master KEY --http-listen 0 --listen-port 0 --control-socket none --nat",
                3,
                "--nat needs the program nft of nftables: ");
    }

    @Test
    void secretWithoutPermissionIsExplained() throws Exception {
        BuiltJar nobodys = asNobody(null);
        check(nobodys, "master KEY --listen-tcp 0", 3, "cannot be read: permission denied");
        check(
                nobodys,
                "slave --join-file " + words.get("KEY").replace("--key-file ", ""),
                3,
                "cannot be read: permission denied");
    }

    /** The jar where everybody may read it, run by somebody who may do nothing. */
    private BuiltJar asNobody(Path owned) throws IOException {
        RealNetwork.assumeAvailable();
        RealNetwork.assumeProgram("setpriv");
        if (owned != null) {
            Files.setOwner(
                    owned, owned.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        }
        Path jar = Files.createTempFile(directory, "bindlink", ".jar");
        Files.copy(BuiltJar.path(), jar, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
        return new BuiltJar(jar, "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
    }

    private void check(BuiltJar jar, String commandLine, int exitCode, String message) throws Exception {
        Invocation invocation = run(jar, commandLine);
        List<String> told = invocation.err().lines().toList();
        String line = told.get(told.size() - 1);
        assertThat(line).as(invocation.err()).startsWith("bindlink: ").contains(filled(message));
        assertThat(line.length() - filled(message).length()).isLessThan(SHORT_OF_WORDS);
        assertThat(told.subList(0, told.size() - 1)).allMatch(each -> each.matches(LOG_LINE));
        assertThat(invocation.err())
                .doesNotContain("Exception")
                .doesNotContain("\tat ")
                .doesNotContain("my dog")
                .doesNotContain(words.get("OTHER").replaceFirst(".*/", ""));
        assertThat(invocation.exitCode()).isEqualTo(exitCode);
        assertThat(invocation.out()).isEmpty();
    }

    private Invocation run(BuiltJar jar, String commandLine) throws Exception {
        String filled = filled(commandLine);
        return jar.run(filled.isEmpty() ? List.of() : List.of(filled.split(" ")));
    }

    private String filled(String text) {
        String filled = text;
        for (Map.Entry<String, String> word : words.entrySet()) {
            filled = filled.replaceAll("\\b" + word.getKey() + "\\b", word.getValue());
        }
        return filled;
    }

    private Path file(String name, String text, String permissions) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
