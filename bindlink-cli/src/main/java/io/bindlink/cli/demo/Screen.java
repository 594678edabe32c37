package io.bindlink.cli.demo;

import java.io.Console;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;

/** Where the demo's table goes: redrawn in place on a terminal, plain lines elsewhere. Not thread-safe. */
final class Screen {
    private static final String CLEAR_LINE = "\u001b[K"; // ECMA-48: EL

    private final PrintWriter out;
    private final boolean terminal;
    private int drawnLines;

    Screen(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Whether standard output is a terminal that can redraw. */
    @SuppressWarnings("SystemConsoleNull") // a newer JDK's answer is looked into below
    static boolean onTerminal(Map<String, String> environment) {
        Console console = System.console();
        if (console == null || "dumb".equals(environment.getOrDefault("TERM", "dumb"))) {
            return false;
        }
        try { // from JDK 22 on a console may be there without a terminal
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }

    boolean terminal() {
        return terminal;
    }

    /** Prints a line that stays. */
    void line(String text) {
        drawnLines = 0;
        out.println(text);
        out.flush();
    }

    /** Draws lines over those drawn before. For terminals. */
    void redraw(List<String> lines) {
        if (drawnLines > 0) {
            out.printf("\u001b[%dA", drawnLines); // ECMA-48: CUU
        }
        lines.forEach(line -> out.println(line + CLEAR_LINE));
        out.flush();
        drawnLines = lines.size();
    }
}
