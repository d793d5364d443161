package org.diagonal.eval.train;

import java.io.PrintWriter;
import org.diagonal.eval.report.terminal.Words;

/** A forecast for the terminal. */
public final class ForecastText {

    private ForecastText() {}

    /**
     * Prints what trainings will take; flushes.
     *
     * @param trainings how many of this kind, one after another
     * @param folder where they go
     */
    public static void write(Forecast one, int trainings, String folder, PrintWriter out) {
        boolean single = trainings == 1;
        Words.line(out, "Plan", "%s", single ? "one training" : trainings + " trainings");
        Words.line(
                out,
                "Steps",
                "%,d%s, about %,d tokens%s",
                one.steps(),
                single ? "" : " each",
                one.tokens(),
                one.evaluations() == 0 ? "" : ", " + Words.count(one.evaluations(), "evaluation"));
        Words.line(
                out,
                "Trained",
                "%,d of %,d parameters",
                one.trainableParameters(),
                one.parameters());
        Words.line(
                out,
                "Time",
                "about %s (measured: %.2f s a step, %.1f s an evaluation)",
                Words.time(one.seconds() * trainings),
                one.stepSeconds(),
                one.evaluationSeconds());
        Words.line(
                out,
                "Memory",
                one.memoryFree().isPresent() ? "%s (measured), %s more are free" : "%s (measured)",
                Words.gigabytes(one.memory()),
                Words.gigabytes(one.memoryFree()));
        long disk = one.disk() * trainings;
        Words.line(
                out,
                "Disk",
                "up to %s, %s are free%s",
                Words.gigabytes(disk),
                Words.gigabytes(one.diskFree()),
                disk > one.diskFree() ? ": DOES NOT FIT" : "");
        Words.line(
                out,
                "Files",
                "%s{run.json, metrics.csv, model.safetensors, checkpoints/, last/, result.json, report.html}",
                folder + (single ? "/" : "/ARM-seedN/"));
        out.println();
        out.println("Nothing was written.");
        out.flush();
    }
}
