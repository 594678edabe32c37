package io.bindlink.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * What a command line led to. Immutable.
 *
 * @param exitCode its exit code
 * @param out what it printed
 * @param err what it complained of
 */
public record Invocation(int exitCode, String out, String err) {
    public static Invocation of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Invocation(exitCode, out.toString(), err.toString());
    }
}
