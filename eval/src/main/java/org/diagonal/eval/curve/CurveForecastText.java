package org.diagonal.eval.curve;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.diagonal.eval.report.terminal.Words;

/** A curve's forecast for people. */
public final class CurveForecastText {

    private CurveForecastText() {}

    /**
     * Prints it; flushes.
     *
     * @param jobs trials at a time
     * @param out where the curve would go
     */
    public static void write(
            CurveForecast one, CurvePlan plan, int jobs, Path out, PrintWriter to) {
        Words.line(to, "Trials", "%,d, of n %s, %d each", one.trials(), plan.n(), plan.trials());
        Words.line(to, "Steps", "%,d in all trials together", one.steps());
        Words.line(
                to,
                "Time",
                "about %s at most%s (measured: %.1f ms a step of n = %,d)",
                Words.time(one.seconds()),
                jobs == 1 ? "" : " for one process",
                1000 * one.stepSeconds(),
                plan.n().get(plan.n().size() - 1));
        Words.line(
                to,
                "Memory",
                "%s (measured)%s, %s more are free",
                Words.gigabytes(one.memory()),
                jobs == 1 ? "" : " for each of %d processes".formatted(jobs),
                Words.gigabytes(one.memoryFree()));
        Words.line(
                to,
                "Disk",
                "about %.1f MB, %s are free%s",
                one.disk() / 1e6,
                Words.gigabytes(one.diskFree()),
                one.disk() > one.diskFree() ? ": DOES NOT FIT" : "");
        Words.line(to, "Files", "%s/{trials/, curve.json, curve.csv, report.html}", out);
        to.printf("%nNothing was written.%n");
        to.flush();
    }
}
