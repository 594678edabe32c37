package io.bindlink.cli.terminal;

import java.io.Console;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;

/** Where a table goes: redrawn in place on a terminal, plain lines elsewhere. Not thread-safe. */
public final class Screen {
    private static final String CLEAR_LINE = "\u001b[K"; // ECMA-48: EL
    private static final String CLEAR_BELOW = "\u001b[J"; // ECMA-48: ED

    private final PrintWriter out;
    private final boolean terminal;
    private int drawnLines;

    /**
     * A screen on which nothing is drawn yet.
     *
     * @param out where to write
     * @param terminal whether it can redraw
     */
    public Screen(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /**
     * Whether standard output is a terminal that can redraw.
     *
     * @param environment the process's
     * @return false if it is a file, a pipe or a dumb terminal
     */
    @SuppressWarnings("SystemConsoleNull") // a newer JDK's answer is looked into below
    public static boolean onTerminal(Map<String, String> environment) {
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

    /**
     * Whether it can redraw.
     *
     * @return the same for the screen's life
     */
    public boolean terminal() {
        return terminal;
    }

    /**
     * Prints a line that stays.
     *
     * @param text the line
     */
    public void line(String text) {
        drawnLines = 0;
        out.println(text);
        out.flush();
    }

    /**
     * Draws lines over those drawn before. For terminals.
     *
     * @param lines no longer than the terminal is wide
     */
    public void redraw(List<String> lines) {
        if (drawnLines > 0) {
            out.printf("\u001b[%dA", drawnLines); // ECMA-48: CUU
        }
        lines.forEach(line -> out.println(line + CLEAR_LINE));
        if (lines.size() < drawnLines) {
            out.print(CLEAR_BELOW);
        }
        out.flush();
        drawnLines = lines.size();
    }
}
