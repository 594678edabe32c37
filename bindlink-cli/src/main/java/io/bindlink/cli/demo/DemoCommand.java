package io.bindlink.cli.demo;

import io.bindlink.api.BindlinkException;
import io.bindlink.cli.LogLevel;
import io.bindlink.cli.StopSignal;
import io.bindlink.cli.terminal.Screen;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bindlink demo}: shows the product at work, without root and without a network. */
@Command(
        name = "demo",
        description = "Sends a file over three emulated phones, cuts one midway, and tells what came of it.",
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    /** The demo has ended by then, whatever happens: under the 30 seconds promised, the JVM's own start included. */
    private static final long DEADLINE_NANOS = 28_500_000_000L;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long the file takes at 85 %% of what the phones can carry, 5..18."
                    + " Default: ${DEFAULT-VALUE}.")
    private int seconds = 11;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Where chance begins: the file, and who is lost in the air. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description = "error, warn, info, debug or trace. Default: error.")
    private LogLevel logLevel = LogLevel.ERROR;

    /** Made by picocli. */
    public DemoCommand() {}

    @Override
    public Integer call() throws Exception {
        if (seconds < 5 || seconds > 18) {
            throw new BindlinkException(BindlinkException.Code.USAGE, "--seconds " + seconds + " is not in 5..18");
        }
        logLevel.apply();
        PrintWriter out = spec.commandLine().getOut();
        Watchdog watchdog = Watchdog.start(DEADLINE_NANOS, spec.commandLine().getErr());
        StopSignal stop = StopSignal.await();
        try (Demo demo = new Demo(new Screen(out, Screen.onTerminal(System.getenv())), seconds, seed, logLevel)) {
            stop.closes(demo);
            demo.run(watchdog.deadlineNanos());
            return 0;
        } finally {
            watchdog.cancel();
            stop.release();
        }
    }
}
