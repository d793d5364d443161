package org.diagonal.eval.curve;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;

/** A curve's forecast for people. */
public final class CurveForecastText {

    private static final int MINUTE = 60;
    private static final int HOUR = 3600;

    private CurveForecastText() {}

    /**
     * Prints it; flushes.
     *
     * @param jobs trials at a time
     * @param out where the curve would go
     */
    public static void write(
            CurveForecast one, CurvePlan plan, int jobs, Path out, PrintWriter to) {
        line(to, "Trials", "%,d, of n %s, %d each", one.trials(), plan.n(), plan.trials());
        line(to, "Steps", "%,d in all trials together", one.steps());
        line(
                to,
                "Time",
                "about %s at most%s (measured: %.1f ms a step of n = %,d)",
                time(one.seconds()),
                jobs == 1 ? "" : " for one process",
                1000 * one.stepSeconds(),
                plan.n().get(plan.n().size() - 1));
        line(
                to,
                "Memory",
                "%s (measured)%s, %s more are free",
                size(one.memory()),
                jobs == 1 ? "" : " for each of %d processes".formatted(jobs),
                size(one.memoryFree()));
        line(
                to,
                "Disk",
                "about %.1f MB, %s are free%s",
                one.disk() / 1e6,
                size(OptionalLong.of(one.diskFree())),
                one.disk() > one.diskFree() ? ": DOES NOT FIT" : "");
        line(to, "Files", "%s/{trials/, curve.json, curve.csv, report.html}", out);
        to.printf("%nNothing was written.%n");
        to.flush();
    }

    private static void line(PrintWriter to, String name, String format, Object... values) {
        to.println(
                String.format(Locale.ROOT, "%-9s", name)
                        + String.format(Locale.ROOT, format, values));
    }

    private static String size(OptionalLong bytes) {
        return bytes.isPresent()
                ? String.format(Locale.ROOT, "%.1f GB", bytes.getAsLong() / 1e9)
                : "unknown";
    }

    private static String time(double seconds) {
        return seconds < MINUTE
                ? String.format(Locale.ROOT, "%.0f s", seconds)
                : seconds < HOUR
                        ? String.format(Locale.ROOT, "%.0f min", seconds / MINUTE)
                        : String.format(Locale.ROOT, "%.1f h", seconds / HOUR);
    }
}
