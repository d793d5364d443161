package org.diagonal.eval.report.page;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.report.page.Table.Cell;

/** Numbers as reports write them: with a typesetter's minus, and exact behind what was rounded. */
public final class Written {

    private Written() {}

    /** With some decimals. */
    public static String fixed(double value, int decimals) {
        return minus(String.format(Locale.ROOT, "%." + decimals + "f", value));
    }

    /** With a sign in any case. */
    public static String signed(double value, int decimals) {
        return minus(String.format(Locale.ROOT, "%+." + decimals + "f", value));
    }

    /** Four digits that count: {@code 1418.6}, {@code 0.9847}, {@code 1.23e−5}. */
    public static String brief(double value) {
        double size = Math.abs(value);
        if (size == 0) {
            return "0";
        }
        if (size < 1e-3 || size >= 1e6) {
            return minus(String.format(Locale.ROOT, "%.2e", value));
        }
        int decimals = size >= 1000 ? 1 : size >= 100 ? 2 : size >= 10 ? 3 : 4;
        return fixed(value, decimals);
    }

    /** As users write it: {@code 1e-3}, {@code 0.05}. */
    public static String setting(double value) {
        return Double.toString(value).replaceFirst("\\.0(?=E|$)", "").replace('E', 'e');
    }

    /** A whole number, its thousands set apart where it has five digits. */
    public static String count(long value) {
        String format = Math.abs(value) < 10_000 ? "%d" : "%,d";
        return minus(String.format(Locale.ROOT, format, value));
    }

    /** A whole number with its noun, which takes an s in the plural. */
    public static String count(long value, String noun) {
        return count(value) + " " + noun + (value == 1 ? "" : "s");
    }

    /** Both ends of an interval. */
    public static String interval(double low, double high, int decimals) {
        return fixed(low, decimals) + " to " + fixed(high, decimals);
    }

    /** Both ends of an interval of differences. */
    public static String signedInterval(Interval ends, int decimals) {
        return signed(ends.low(), decimals) + " to " + signed(ends.high(), decimals);
    }

    /** Numbers that keep their percent sign at the end of a line. */
    public static String unbroken(String words) {
        return words.replaceAll("(?<=\\d) %", "\u00A0%");
    }

    /** Seconds, or minutes of them. */
    public static String time(double seconds) {
        return seconds < 600 ? fixed(seconds, 0) + " s" : fixed(seconds / 60, 0) + " min";
    }

    public static Cell cell(double value, int decimals) {
        return Cell.of(fixed(value, decimals), value);
    }

    public static Cell signedCell(double value, int decimals) {
        return Cell.of(signed(value, decimals), value);
    }

    public static Cell briefCell(double value) {
        return Cell.of(brief(value), value);
    }

    public static Cell countCell(long value) {
        return Cell.of(count(value), (double) value);
    }

    /** Nothing for a value that is not there. */
    public static Cell briefCell(OptionalDouble value) {
        return value.isPresent() ? briefCell(value.getAsDouble()) : Cell.of("");
    }

    public static Cell timeCell(double seconds) {
        return Cell.of(time(seconds), seconds);
    }

    /** Several in one cell. */
    public static Cell briefCells(List<Double> values) {
        return Cell.of(values.stream().map(Written::brief).collect(Collectors.joining(", ")));
    }

    /** A sentence begins with a capital. */
    public static String capital(String words) {
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    private static String minus(String words) {
        return words.replace('-', '−');
    }
}
