package io.bindlink.cli.real;

import io.bindlink.core.Bindlink;
import io.bindlink.core.BindlinkBuilder;
import io.bindlink.core.PresharedKey;
import java.nio.file.Path;
import java.time.Duration;

/** A slave in a program of its own, with a real tun device, that renews its keys every second. Ends when it is killed. */
final class RekeyingSlave {
    private RekeyingSlave() {}

    /** Arguments: the key's file, then the links. */
    public static void main(String[] arguments) throws InterruptedException {
        BindlinkBuilder builder = Bindlink.slave()
                .key(PresharedKey.read(Path.of(arguments[0])))
                .tun("jna")
                .rekeyEvery(Duration.ofSeconds(1));
        for (int i = 1; i < arguments.length; i++) {
            builder.link(arguments[i]);
        }
        try (Bindlink slave = builder.start()) {
            while (true) {
                Thread.sleep(1000);
                System.out.println("counters " + slave.stats().counters());
            }
        }
    }
}
