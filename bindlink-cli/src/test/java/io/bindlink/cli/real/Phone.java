package io.bindlink.cli.real;

import io.bindlink.cli.real.Testbed.Side;
import io.bindlink.core.base.RealNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A SOCKS5 server in the field, at the far end of one of the slave's cables. Confined to its test. */
final class Phone {
    static final int PORT = 1080;

    /** Of a server that listens on all addresses, and must not meet the others. */
    private static final int WIDE_PORT = 1081;

    private final Testbed net;
    private final String address;
    private final int port;
    private final List<String> command;
    private Program program;

    private Phone(Testbed net, String address, int port, List<String> command) throws Exception {
        this.net = net;
        this.address = address;
        this.port = port;
        this.command = command;
        this.program = started();
    }

    private Phone(Testbed net, int link, List<String> command) throws Exception {
        this(net, gateway(link), PORT, command);
    }

    private static String gateway(int link) {
        return "10.71." + link + ".1";
    }

    /** Dante, at the far end of a cable. */
    static Phone danted(Testbed net, int link) throws Exception {
        return danted(net, gateway(link), PORT);
    }

    /** Dante, at any address of the field, with UDP alone. */
    static Phone danted(Testbed net, String address, int port) throws Exception {
        return danted(net, address, port, "pass udpassociate", "pass udpreply");
    }

    /** Dante, at the far end of a cable, with rules such as {@code pass connect}. */
    static Phone danted(Testbed net, int link, String... rules) throws Exception {
        return danted(net, gateway(link), PORT, rules);
    }

    private static Phone danted(Testbed net, String address, int port, String... rules) throws Exception {
        String config = String.join(
                "\n",
                "logoutput: stderr",
                "internal: " + address + " port = " + port,
                "external: uplink",
                "clientmethod: none",
                "socksmethod: none",
                "user.privileged: root",
                "user.unprivileged: nobody",
                "client pass {",
                "  from: 0.0.0.0/0 to: 0.0.0.0/0",
                "}",
                "");
        for (String rule : rules) {
            String[] words = rule.split(" ");
            config += "socks " + words[0] + " {\n  from: 0.0.0.0/0 to: 0.0.0.0/0\n  command: " + words[1] + "\n}\n";
        }
        Path file = Files.writeString(net.directory().resolve("danted-" + address), config);
        String danted = RealNetwork.assumeProgram("danted").toString();
        return new Phone(net, address, port, List.of(danted, "-N", "1", "-f", file.toString(), "-p", file + ".pid"));
    }

    /** V2Ray, on a port of its own; it answers with an unspecified relay address when it listens on all addresses, as here. */
    static Phone v2ray(Testbed net, int link, Map<String, String> passwords) throws Exception {
        String accounts = passwords.entrySet().stream()
                .map(entry -> "{\"user\":\"" + entry.getKey() + "\",\"pass\":\"" + entry.getValue() + "\"}")
                .reduce((a, b) -> a + "," + b)
                .orElse("");
        String auth = passwords.isEmpty() ? "noauth" : "password";
        String config = "{\"log\":{\"loglevel\":\"warning\"},\"inbounds\":[{\"port\":" + WIDE_PORT
                + ",\"listen\":\"0.0.0.0\",\"protocol\":\"socks\",\"settings\":{\"auth\":\"" + auth
                + "\",\"udp\":true,\"accounts\":[" + accounts
                + "]}}],\"outbounds\":[{\"protocol\":\"freedom\",\"settings\":{}}]}";
        Path file = Files.writeString(net.directory().resolve("v2ray-" + link + ".json"), config);
        return new Phone(
                net,
                gateway(link),
                WIDE_PORT,
                List.of(RealNetwork.assumeProgram("v2ray").toString(), "-config", file.toString()));
    }

    /** Shadowsocks: a local SOCKS5 server in front of its own server, both in the field. */
    static Phone shadowsocks(Testbed net, int link) throws Exception {
        String common = "-k secret -m aes-256-gcm -s 127.0.0.1 -p 8388 -u";
        String local = RealNetwork.assumeProgram("ss-local") + " " + common + " -b " + gateway(link) + " -l " + PORT;
        String server = RealNetwork.assumeProgram("ss-server") + " " + common;
        return new Phone(net, link, List.of("sh", "-c", server + " & exec " + local));
    }

    /** Microsocks, which has no UDP. */
    static Phone microsocks(Testbed net, int link) throws Exception {
        String program = RealNetwork.assumeProgram("microsocks").toString();
        return new Phone(net, link, List.of(program, "-i", gateway(link), "-p", "" + PORT));
    }

    /** Starts it again. */
    void start() throws Exception {
        program = started();
    }

    private Program started() throws Exception {
        Program started = net.start(Side.FIELD, command.toArray(String[]::new));
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!listens()) {
            if (System.nanoTime() > deadline || !started.isAlive()) {
                throw new AssertionError("does not listen: " + started);
            }
            Thread.sleep(50);
        }
        return started;
    }

    private boolean listens() throws IOException, InterruptedException {
        String listening = net.shell(Side.FIELD, "ss -Hltn");
        return listening.contains(address() + " ") || listening.contains("*:" + port + " ");
    }

    /** Kills it and all it started, without a goodbye. */
    void kill() throws IOException, InterruptedException {
        program.signal("KILL");
    }

    String address() {
        return address + ":" + port;
    }

    String link() {
        return "--link=socks5://" + address();
    }

    String target() {
        return "--proxy-target=" + Testbed.MASTER + ":" + Testbed.PORT;
    }
}
