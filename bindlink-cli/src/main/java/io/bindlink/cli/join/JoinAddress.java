package io.bindlink.cli.join;

import io.bindlink.core.JoinLine;
import io.bindlink.core.PresharedKey;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import picocli.CommandLine.Option;

/** Where slaves reach the master, as its join line says. Confined to its command. */
public final class JoinAddress {
    @Option(
            names = "--join-address",
            paramLabel = "HOST[:PORT]",
            description =
                    "The master as slaves reach it, for the join line. Default: this machine's most public address.")
    private @Nullable String given;

    /** Made by picocli. */
    public JoinAddress() {}

    /**
     * Prints the command that makes a machine the master's slave, on one line.
     *
     * @param out where to
     * @param key the master's
     * @param port the master's, where the address has none
     * @param log hears what the user should know of the address
     */
    public void print(PrintWriter out, PresharedKey key, int port, Logger log) {
        String address = given;
        if (address == null) {
            Optional<InetAddress> own = OwnAddress.mostPublic();
            address = own.map(JoinAddress::literal).orElse("localhost");
            if (own.isEmpty() || OwnAddress.isPrivate(own.get())) {
                log.warn(
                        "{} is no address of the internet: if slaves reach this master by another one, name it with"
                                + " --join-address",
                        address);
            }
        }
        boolean hasPort = address.startsWith("[") ? address.contains("]:") : address.contains(":");
        out.println("bindlink-cli slave --join "
                + JoinLine.of(hasPort ? address : address + ":" + port, key).text());
        out.flush();
    }

    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        text = scope < 0 ? text : text.substring(0, scope);
        return text.indexOf(':') >= 0 ? "[" + text + "]" : text;
    }
}
