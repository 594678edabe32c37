package io.bindlink.cli.doctor;

import io.bindlink.api.BindlinkException;
import io.bindlink.core.PresharedKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the kernel allows and how it is set.
 *
 * @param root where the file system begins, {@code /} but in tests
 */
record Machine(Path root) {
    private static final int CAP_NET_ADMIN = 12; // capability.h

    Finding permission() {
        boolean admin = line("proc/self/status", "CapEff:")
                .map(hex -> (Long.parseUnsignedLong(hex, 16) >> CAP_NET_ADMIN & 1) == 1)
                .orElse(false);
        return admin
                ? Finding.ok("permission", "CAP_NET_ADMIN is there")
                : Finding.warning(
                        "permission",
                        "CAP_NET_ADMIN is missing: no tun device, no --route, no --nat",
                        "run it as root, or do without a tun device: --listen-tcp and --connect-tcp");
    }

    Finding tun() {
        Path device = root.resolve("dev/net/tun");
        return Files.exists(device)
                ? Finding.ok("tun", "/dev/net/tun is there")
                : Finding.failure(
                        "tun",
                        "/dev/net/tun is missing",
                        "modprobe tun; in a container: --device /dev/net/tun --cap-add NET_ADMIN");
    }

    Finding key(Path file) {
        try {
            PresharedKey.read(file);
        } catch (BindlinkException e) {
            return Finding.failure(
                    "key", String.valueOf(e.getMessage()), "start the master without a key, and it makes one");
        }
        return PresharedKey.readableByOthers(file)
                ? Finding.failure("key", file + " can be read by others", "chmod 600 " + file)
                : Finding.ok("key", file + " can be read by its owner only");
    }

    Finding forwarding() {
        boolean on = text("proc/sys/net/ipv4/ip_forward").equals("1");
        return Finding.ok(
                "forwarding",
                on
                        ? "is on: this machine can be others' way out"
                        : "is off: enough for this machine's own traffic; --nat switches it on");
    }

    /** Strict reverse path filtering drops answers that come by another interface than the kernel would answer by. */
    List<Finding> reversePath() {
        List<String> strict = new ArrayList<>();
        boolean all = text("proc/sys/net/ipv4/conf/all/rp_filter").equals("1");
        try (Stream<Path> devices = Files.list(root.resolve("proc/sys/net/ipv4/conf"))) {
            for (Path device : devices.sorted().toList()) {
                String name = String.valueOf(device.getFileName());
                String own = text("proc/sys/net/ipv4/conf/" + name + "/rp_filter");
                boolean real = !name.equals("all") && !name.equals("default") && !name.equals("lo");
                if (real && (own.equals("1") || (all && own.equals("0")))) { // the larger of the two counts
                    strict.add(name);
                }
            }
        } catch (IOException e) {
            return List.of(Finding.warning("rp_filter", "cannot be seen here", ""));
        }
        if (strict.isEmpty()) {
            return List.of(Finding.ok("rp_filter", "is not strict anywhere"));
        }
        return List.of(Finding.warning(
                "rp_filter",
                "is strict on " + String.join(", ", strict) + ": a modem beside the default route may get no answers",
                "sysctl -w net.ipv4.conf.all.rp_filter=2; or give its link ?from=ADDRESS and --route-links"));
    }

    Finding program(String name, String packageName, String what) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
        boolean there = Stream.of(path.split(":", -1))
                .filter(directory -> !directory.isEmpty())
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
        return there
                ? Finding.ok("programs", name + " is there")
                : Finding.warning(
                        "programs", name + " is missing, and " + what + " needs it", "install " + packageName);
    }

    private Optional<String> line(String file, String key) {
        return text(file)
                .lines()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip())
                .findFirst();
    }

    private String text(String file) {
        try {
            return Files.readString(root.resolve(file)).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
