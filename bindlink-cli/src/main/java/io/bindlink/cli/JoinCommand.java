package io.bindlink.cli;

import io.bindlink.api.BindlinkException;
import io.bindlink.cli.join.JoinAddress;
import io.bindlink.cli.join.MasterKey;
import io.bindlink.core.PresharedKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bindlink join}: prints a master's join line once more. */
@Command(
        name = "join",
        description = "Prints the join line of this machine's master: a secret that makes another machine its slave.",
        mixinStandardHelpOptions = true)
public final class JoinCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "The master's key. Default: where a master keeps its own.")
    private @Nullable Path keyFile;

    @Option(names = "--listen-port", paramLabel = "PORT", description = "The master's. Default: ${DEFAULT-VALUE}.")
    private int listenPort = MasterCommand.DEFAULT_PORT;

    @Mixin
    private final JoinAddress address = new JoinAddress();

    /** Made by picocli. */
    public JoinCommand() {}

    @Override
    public Integer call() {
        PresharedKey key = PresharedKey.read(keyFile != null ? keyFile : masters());
        address.print(spec.commandLine().getOut(), key, listenPort, NodeOptions.log());
        return 0;
    }

    /** Where this machine's master keeps its own. */
    private static Path masters() {
        Path file = MasterKey.own().file();
        if (Files.notExists(file)) {
            throw new BindlinkException(
                    BindlinkException.Code.CONFIG,
                    "no master has made a key at " + file
                            + " yet: start one with 'bindlink master', or name the key with --key-file FILE");
        }
        return file;
    }
}
