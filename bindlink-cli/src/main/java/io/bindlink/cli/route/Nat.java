package io.bindlink.cli.route;

import io.bindlink.api.BindlinkException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets others go out through this machine: a table of nftables with one rule, and forwarding switched on where it was off. At
 * the master what comes out of the bond leaves by the master's address; at the slave what its network sends enters the bond by
 * the slave's.
 *
 * <p>The table is named after the process, and its comment says what forwarding was before, so that what a killed process left
 * is undone by the next start: the kernel's tables are the record. Thread-safe.
 */
public final class Nat implements AutoCloseable {
    private static final String TABLE = "bindlink_";
    private static final int PATIENCE_SECONDS = 5; // it takes milliseconds; more means that it hangs
    private static final Path FORWARD = Path.of("/proc/sys/net/ipv4/ip_forward");
    private static final Path FORWARD_6 = Path.of("/proc/sys/net/ipv6/conf/all/forwarding");
    private static final Pattern OURS = Pattern.compile("table inet (" + TABLE + "(\\d+))\\b");
    private static final Pattern WAS = Pattern.compile("was=([01])([01])");

    private final List<String> sources; // of packets that are translated; none: all that enter the bond
    private final String name = TABLE + ProcessHandle.current().pid();
    private final boolean wanted;
    private boolean added;
    private boolean closed;

    private Nat(List<String> sources, boolean wanted) {
        this.sources = List.copyOf(sources);
        this.wanted = wanted;
    }

    /**
     * No translation.
     *
     * @return one that changes nothing
     */
    public static Nat none() {
        return new Nat(List.of(), false);
    }

    /**
     * Translation at the master.
     *
     * @param networks the bond's inner ones, as {@code ADDRESS/LENGTH}
     * @return not yet in force
     */
    public static Nat outOfTheBond(List<String> networks) {
        return new Nat(networks, true);
    }

    /**
     * Translation at the slave.
     *
     * @return not yet in force
     */
    public static Nat intoTheBond() {
        return new Nat(List.of(), true);
    }

    /** Whether there is anything to do. */
    boolean wanted() {
        return wanted;
    }

    /**
     * What would be done, as one would type it.
     *
     * @param device the tun device's name
     * @return commands
     */
    public List<String> commands(String device) {
        List<String> commands = new ArrayList<>();
        if (wanted) {
            script(device, "--").forEach(line -> commands.add("nft '" + line + "'"));
            commands.add("sysctl -w net.ipv4.ip_forward=1");
            if (ipv6()) {
                commands.add("sysctl -w net.ipv6.conf.all.forwarding=1");
            }
        }
        return commands;
    }

    private boolean ipv6() {
        return sources.stream().anyMatch(source -> source.indexOf(':') >= 0);
    }

    private List<String> script(String device, String was) {
        List<String> lines = new ArrayList<>();
        lines.add("add table inet " + name + " { comment \"bindlink was=" + was + "\" ; }");
        lines.add("add chain inet " + name + " out { type nat hook postrouting priority srcnat ; }");
        if (sources.isEmpty()) {
            lines.add("add rule inet " + name + " out oifname \"" + device + "\" masquerade");
        }
        for (String source : sources) {
            lines.add("add rule inet " + name + " out " + (source.indexOf(':') < 0 ? "ip" : "ip6") + " saddr " + source
                    + " oifname != \"" + device + "\" masquerade");
        }
        return lines;
    }

    /**
     * Puts it into force.
     *
     * @param device the tun device's name
     * @throws BindlinkException if the system refuses; {@link #close} takes back what was done until then
     */
    public synchronized void add(String device) {
        if (!wanted || closed) {
            return;
        }
        boolean[] on = {isOn(FORWARD), isOn(FORWARD_6)};
        String was = wasBefore(on[0], !ipv6() || on[1]);
        added = true; // before it is there: it may be there in part
        List<String> script = script(device, was);
        nft(String.join("\n", script));
        script.forEach(line -> log().info("changed: nft '{}'", line));
        if (!on[0]) {
            write(FORWARD, "1", "changed");
        }
        if (ipv6() && !on[1]) {
            write(FORWARD_6, "1", "changed");
        }
    }

    /** Takes it away. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        if (added) {
            added = false;
            undo(name, "changed back");
        }
    }

    /**
     * Undoes what processes that were killed have left.
     *
     * @throws BindlinkException if the system lets nobody look
     */
    static void removeLeftovers() {
        for (String table : tables()) {
            if (OurTables.isGone(Long.parseLong(table.substring(TABLE.length())))) {
                undo(table, "left by a killed process, changed back");
            }
        }
    }

    /** The tables of all processes. */
    private static List<String> tables() {
        return OURS.matcher(nft("list tables"))
                .results()
                .map(table -> table.group(1))
                .toList();
    }

    /** What forwarding was before the first of all processes whose tables are there: the last one puts that back. */
    private static String wasBefore(boolean on, boolean on6) {
        boolean was = on;
        boolean was6 = on6;
        for (String table : tables()) {
            Matcher before = WAS.matcher(nft("list table inet " + table));
            if (before.find()) {
                was &= before.group(1).equals("1");
                was6 &= before.group(2).equals("1");
            }
        }
        return (was ? "1" : "0") + (was6 ? "1" : "0");
    }

    private static void undo(String table, String how) {
        try {
            Matcher was = WAS.matcher(nft("list table inet " + table));
            boolean known = was.find();
            nft("delete table inet " + table);
            log().info("{}: nft 'delete table inet {}'", how, table);
            if (known && tables().isEmpty()) { // else another process needs forwarding, and knows what it was
                if (was.group(1).equals("0")) {
                    write(FORWARD, "0", how);
                }
                if (was.group(2).equals("0")) {
                    write(FORWARD_6, "0", how);
                }
            }
        } catch (BindlinkException e) {
            log().warn("{}", e.getMessage()); // it may not have been there at all
        }
    }

    private static boolean isOn(Path setting) {
        try {
            return !Files.readString(setting).strip().equals("0");
        } catch (IOException e) {
            return true; // there is no such protocol
        }
    }

    private static void write(Path setting, String value, String how) {
        try {
            Files.writeString(setting, value);
            log().info("{}: sysctl -w {}={}", how, name(setting), value);
        } catch (IOException e) {
            throw new BindlinkException(
                    BindlinkException.Code.TUN_UNAVAILABLE,
                    "--nat needs forwarding, and it cannot be switched on here: sysctl -w " + name(setting) + "="
                            + value,
                    e);
        }
    }

    private static String name(Path setting) {
        return Path.of("/proc/sys").relativize(setting).toString().replace('/', '.');
    }

    /** Runs nft with a script; all of it or nothing takes effect. */
    private static String nft(String script) {
        try {
            Process process = new ProcessBuilder("nft", "-f", "-")
                    .redirectErrorStream(true)
                    .start();
            process.outputWriter(StandardCharsets.UTF_8)
                    .append(script)
                    .append('\n')
                    .close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("it does not end");
            }
            if (process.exitValue() == 0) {
                return said;
            }
            String why = said.lines().findFirst().orElse("it says no more");
            boolean denied = said.contains("not permitted");
            throw new BindlinkException(
                    denied ? BindlinkException.Code.TUN_UNAVAILABLE : BindlinkException.Code.RUNTIME,
                    denied ? "--nat needs root or the capability CAP_NET_ADMIN: " + why : "--nat: nft fails: " + why);
        } catch (IOException e) {
            throw new BindlinkException(
                    BindlinkException.Code.CONFIG, "--nat needs the program nft of nftables: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BindlinkException(BindlinkException.Code.RUNTIME, "interrupted", e);
        }
    }

    private static Logger log() {
        return LoggerFactory.getLogger("bindlink");
    }
}
