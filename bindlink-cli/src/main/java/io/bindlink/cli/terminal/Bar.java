package io.bindlink.cli.terminal;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;

/**
 * A bar of a fixed width, by the finest characters that the terminal's character set has. Immutable.
 *
 * @param full a filled cell
 * @param empty an empty one
 */
public record Bar(char full, char empty) {
    /** For character sets that have no blocks, as with {@code LANG=C}. */
    public static final Bar ASCII = new Bar('#', '.');

    /** For all others. */
    public static final Bar BLOCKS = new Bar('\u2588', '\u2591');

    /**
     * The bar for standard output.
     *
     * @return blocks where they can be shown
     */
    public static Bar ofTerminal() {
        // From JDK 18 on the default character set is UTF-8 whatever the terminal's; these two tell of the terminal.
        String name = System.getProperty("stdout.encoding", System.getProperty("native.encoding", "US-ASCII"));
        return of(name);
    }

    /**
     * The bar for a character set.
     *
     * @param charset its name
     * @return blocks where they can be shown
     */
    static Bar of(String charset) {
        try {
            return Charset.forName(charset).newEncoder().canEncode(BLOCKS.full) ? BLOCKS : ASCII;
        } catch (IllegalCharsetNameException | UnsupportedCharsetException | UnsupportedOperationException e) {
            return ASCII;
        }
    }

    /**
     * Draws it.
     *
     * @param share what is filled, 0.0 to 1.0
     * @param cells the width, 1 or more
     * @return as many characters
     */
    public String draw(double share, int cells) {
        int filled = (int) Math.round(Math.min(Math.max(share, 0), 1) * cells);
        return String.valueOf(full).repeat(filled) + String.valueOf(empty).repeat(cells - filled);
    }
}
