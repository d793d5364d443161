package org.diagonal.eval.report.terminal;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * Names with what is said of each, a line each, for the terminal.
 *
 * @param width columns of the names
 */
public record Lines(PrintWriter out, int width) {

    /**
     * Prints a line.
     *
     * @param name empty for more of what the line before speaks of
     */
    public void line(String name, String words) {
        out.println(String.format(Locale.ROOT, "%-" + width + "s", name) + words);
    }

    /** Prints a line in a format. */
    public void line(String name, String format, Object... values) {
        line(name, String.format(Locale.ROOT, format, values));
    }
}
