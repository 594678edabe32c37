package io.bindlink.core.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the kernel says of the processor. Stateless. */
public final class ProcessorFlags {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    /** The line is called {@code flags} on x86 and {@code Features} on Arm. */
    private static final Pattern FLAGS_LINE = Pattern.compile("(?m)^(flags|Features)\\s*:.*$");

    private static final Pattern AES = Pattern.compile("\\baes\\b");

    private ProcessorFlags() {}

    /**
     * Whether the processor has instructions for AES.
     *
     * @return empty where the kernel does not tell: elsewhere than on Linux, and on processors without such a list
     */
    public static Optional<Boolean> aesInstructions() {
        try {
            return aesInstructions(Files.readString(CPUINFO, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Optional<Boolean> aesInstructions(String cpuinfo) {
        return FLAGS_LINE
                .matcher(cpuinfo)
                .results()
                .findFirst()
                .map(line -> AES.matcher(line.group()).find());
    }
}
