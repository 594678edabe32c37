package io.bindlink.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.Invocation;
import io.bindlink.cli.LeftThreads;
import org.junit.jupiter.api.Test;

class DemoCommandTest {
    @Test
    void fileArrivesWholeThoughAPhoneIsCut() {
        Invocation invocation = Invocation.of("demo", "--seconds", "5", "--seed", "7");
        assertThat(invocation.err()).isEmpty();
        assertThat(invocation.exitCode()).isZero();
        assertThat(invocation.out().lines())
                .anyMatch(line -> line.contains("phone A is cut"))
                .anyMatch(line -> line.startsWith("sum of the links"))
                .anyMatch(line -> line.startsWith("bonded rate"))
                .anyMatch(line -> line.startsWith("percent of the sum"))
                .anyMatch(line -> line.startsWith("best single link"))
                .anyMatch(line -> line.startsWith("longest time without data at the cut"))
                .anyMatch(line -> line.startsWith("SHA-256") && line.contains("ok"));
        assertThat(LeftThreads.of("bindlink")).isEmpty();
    }
}
