package io.bindlink.cli;

import io.bindlink.api.BindlinkException;
import io.bindlink.core.PresharedKey;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bindlink genkey}: makes the key that both ends share. */
@Command(
        name = "genkey",
        description = "Makes a key, to be copied to both ends and shown to nobody else.",
        mixinStandardHelpOptions = true)
public final class GenkeyCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write it to a new file that only its owner may read. Default: print it.")
    private @Nullable Path out;

    /** Made by picocli. */
    public GenkeyCommand() {}

    @Override
    public Integer call() throws IOException {
        String text = PresharedKey.generate().text();
        if (out == null) {
            spec.commandLine().getOut().println(text);
        } else {
            write(out, text);
        }
        return 0;
    }

    /** Writes a secret to a file that is never readable by others, not even for a moment. */
    static void write(Path file, String text) throws IOException {
        try {
            Files.createFile(file, ownerOnly());
            Files.writeString(file, text + "\n");
        } catch (FileAlreadyExistsException e) {
            throw new BindlinkException(
                    BindlinkException.Code.CONFIG, "file " + file + " exists already and is not overwritten");
        } catch (IOException e) {
            throw new BindlinkException(
                    BindlinkException.Code.CONFIG, "file " + file + " cannot be written: " + Failures.reason(e), e);
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
