package io.bindlink.tun.jna;

import java.util.Optional;
import java.util.Set;

/** The systems whose numbers and layouts this module knows. Immutable. */
final class Platform {
    /** 64 bits and the numbers that most architectures share; the others number flags and requests in their own way. */
    private static final Set<String> ARCHITECTURES = Set.of("amd64", "x86_64", "aarch64", "riscv64");

    private Platform() {}

    /** Why nothing here can work on the machine this runs on, on one line that ends with what works everywhere. */
    static Optional<String> unsupported(String instead) {
        return unsupported(System.getProperty("os.name"), System.getProperty("os.arch"), instead);
    }

    static Optional<String> unsupported(String system, String architecture, String instead) {
        if (!system.equals("Linux")) {
            return Optional.of("it needs Linux, and this is " + system + "; " + instead);
        }
        if (!ARCHITECTURES.contains(architecture)) {
            return Optional.of("it does not know the architecture " + architecture + "; " + instead);
        }
        return Libc.failure()
                .map(why -> "JNA's native library cannot be loaded (" + why
                        + "); give -Djna.tmpdir a directory that can be written and executed in");
    }
}
