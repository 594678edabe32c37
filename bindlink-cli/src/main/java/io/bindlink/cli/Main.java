package io.bindlink.cli;

import io.bindlink.cli.control.LinkCommand;
import io.bindlink.cli.demo.DemoCommand;
import io.bindlink.cli.demo.PhoneCommand;
import io.bindlink.cli.doctor.DoctorCommand;
import io.bindlink.cli.doctor.ProbeCommand;
import io.bindlink.cli.relaunch.Relaunch;
import io.bindlink.cli.relaunch.WarmUp;
import io.bindlink.cli.status.StatusCommand;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code bindlink}: bonds several internet links. Exit codes are listed in docs/operating.md. */
@Command(
        name = "bindlink",
        description = "Bonds several poor internet connections into one good one.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footer = {"", "Options may also stand in a file: bindlink @FILE", "Try it: bindlink demo"})
public final class Main implements Runnable {
    /** Not looked at before the JVM is the right one. */
    private static final class Known {
        /** In the order of the help text. */
        static final List<Class<?>> COMMANDS = List.of(
                MasterCommand.class,
                SlaveCommand.class,
                GenkeyCommand.class,
                JoinCommand.class,
                ProbeCommand.class,
                DoctorCommand.class,
                CompletionCommand.class,
                StatusCommand.class,
                LinkCommand.class,
                ListCommand.class,
                DemoCommand.class,
                PhoneCommand.class);

        static final Map<String, Class<?>> NODES = Map.of("master", MasterCommand.class, "slave", SlaveCommand.class);
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    Main() {}

    /**
     * Runs the program and ends the process with its exit code.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        Relaunch.ifWanted(arguments);
        WarmUp.ofClasses();
        System.exit(execute(writer(System.out), writer(System.err), arguments));
    }

    /** Runs the program; what it says goes to the writers. Returns its exit code. */
    static int execute(PrintWriter out, PrintWriter err, String... given) {
        try {
            Arguments arguments = Arguments.of(given);
            CommandLine commandLine = commandLine(arguments.texts());
            Failures failures = new Failures(arguments);
            return commandLine
                    .setOut(out)
                    .setErr(err)
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .setExpandAtFiles(false) // unfolded already, so that a complaint can name file and line
                    .setParameterExceptionHandler(failures::explainUsage)
                    .setExecutionExceptionHandler(failures::explain)
                    .execute(arguments.texts());
        } catch (Throwable e) { // a plugin that does not fit, memory that is used up
            err.println(Failures.line(Failures.textOrInternal(e)));
            return Failures.exitCode(e);
        }
    }

    /** All commands, or only the named one if that is a node: to look at all delays its start by a tenth. */
    private static CommandLine commandLine(String[] arguments) {
        CommandLine commandLine = new CommandLine(new Main());
        Class<?> node = arguments.length == 0 ? null : Known.NODES.get(arguments[0]);
        (node == null ? Known.COMMANDS : List.of(node)).forEach(commandLine::addSubcommand);
        return commandLine;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a command is missing; known are " + String.join(", ", commands()));
    }

    /** Names of the commands that are shown. */
    private SortedSet<String> commands() {
        SortedSet<String> names = new TreeSet<>();
        spec.subcommands().forEach((name, command) -> {
            if (!command.getCommandSpec().usageMessage().hidden()) {
                names.add(name);
            }
        });
        return names;
    }

    /** The version that the jar's manifest carries, if any. */
    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, Charset.defaultCharset()), true);
    }

    /** Tells the version that the jar's manifest carries. */
    static final class Version implements IVersionProvider {
        Version() {}

        @Override
        public String[] getVersion() {
            return new String[] {"bindlink " + version()};
        }
    }
}
