package io.bindlink.cli.real;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests each of which has a testbed of its own, with nothing running in it. Confined to its test. */
abstract class WithTestbed {
    @TempDir
    Path directory;

    Testbed net;

    @BeforeEach
    void makeNetwork() throws Exception {
        net = new Testbed(directory);
    }

    @AfterEach
    void removeNetwork() throws Exception {
        if (net != null) { // a program it needs may be missing
            net.close();
        }
    }
}
