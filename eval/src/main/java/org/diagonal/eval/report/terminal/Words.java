package org.diagonal.eval.report.terminal;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Numbers with their nouns, and words in lines. */
public final class Words {

    private Words() {}

    /** A count with its noun, which takes an s in the plural. */
    public static String count(long number, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
    }

    /** Bytes in gigabytes. */
    public static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }

    /** The same where perhaps nobody knows. */
    public static String gigabytes(OptionalLong bytes) {
        return bytes.isPresent() ? gigabytes(bytes.getAsLong()) : "unknown";
    }

    /** A time in the two largest of hours, minutes and seconds. */
    public static String time(double seconds) {
        Duration time = Duration.ofSeconds(Math.round(seconds));
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toMinutes() > 0
                ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : time.toSeconds() + " s";
    }

    /** Prints a line with a name of at most eight letters in front. */
    public static void line(PrintWriter out, String name, String format, Object... values) {
        out.printf(Locale.ROOT, "%-8s %s%n", name, String.format(Locale.ROOT, format, values));
    }

    /** Lines of at most so many characters, where no word is longer. */
    public static List<String> wrapped(String words, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : words.split(" ", -1)) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
