package io.bindlink.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.cli.Invocation;
import io.bindlink.cli.LeftThreads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@Timeout(30)
class PhoneCommandTest {
    @Test
    void phoneAnswersWhereItSaysUntilItIsStopped() throws Exception {
        PipedWriter said = new PipedWriter();
        try (BufferedReader out = new BufferedReader(new PipedReader(said))) {
            Thread running = new Thread(() -> new CommandLine(new PhoneCommand())
                    .setOut(new PrintWriter(said, true))
                    .setErr(new PrintWriter(Writer.nullWriter()))
                    .execute("--listen", "127.0.0.1:0", "--rate", "8", "--delay", "20", "--loss", "1.5"));
            running.start();
            String line = out.readLine();
            assertThat(line).matches("phone +8 Mbit/s, 40 ms, 1.5 % loss listens on 127.0.0.1:\\d+");
            assertThat(answer(Integer.parseInt(line.substring(line.lastIndexOf(':') + 1))))
                    .containsExactly(5, 0);
            running.interrupt();
            running.join();
        }
        assertThat(LeftThreads.of("bindlink-demo-air")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "phone --listen 127.0.0.1:0                    | --rate",
                "phone --listen 127.0.0.1:0 --rate 0           | --rate 0.0 is not in 0.01..10000.0",
                "phone --listen 127.0.0.1:0 --rate 1 --loss x  | --loss",
                "phone --listen 127.0.0.1:0 --rate 1 --delay -1| --delay -1.0 is not in",
                "phone --listen 1080 --rate 1                  | write ADDR:PORT",
                "phone --listen [::1]:1080 --rate 1            | the address must be an IPv4 one",
                "phone --listen localhost:1080 --rate 1        | the address must be an IPv4 one"
            })
    void whatMakesNoSenseIsNamed(String arguments, String complaint) {
        Invocation invocation = Invocation.of(arguments.strip().split(" +"));
        assertThat(invocation.exitCode()).isEqualTo(2);
        assertThat(invocation.err()).contains(complaint.strip()).hasLineCount(1);
    }

    @Test
    void commandIsNotShown() {
        assertThat(Invocation.of("--help").out().lines())
                .anyMatch(line -> line.startsWith("  demo "))
                .noneMatch(line -> line.startsWith("  phone "));
    }

    private static byte[] answer(int port) throws IOException {
        try (Socket control = new Socket(InetAddress.getLoopbackAddress(), port)) {
            control.getOutputStream().write(new byte[] {5, 1, 0});
            return control.getInputStream().readNBytes(2);
        }
    }
}
