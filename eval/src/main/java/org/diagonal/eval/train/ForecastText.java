package org.diagonal.eval.train;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

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
        line(out, "Plan", trainings == 1 ? "one training" : trainings + " trainings");
        line(
                out,
                "Steps",
                "%,d%s, about %,d tokens%s"
                        .formatted(
                                one.steps(),
                                trainings == 1 ? "" : " each",
                                one.tokens(),
                                one.evaluations() == 0
                                        ? ""
                                        : ", %,d evaluations".formatted(one.evaluations())));
        line(
                out,
                "Trained",
                "%,d of %,d parameters".formatted(one.trainableParameters(), one.parameters()));
        line(
                out,
                "Time",
                "about %s (measured: %.2f s a step, %.1f s an evaluation)"
                        .formatted(
                                time(one.seconds() * trainings),
                                one.stepSeconds(),
                                one.evaluationSeconds()));
        line(
                out,
                "Memory",
                amount(one.memory())
                        + " (measured)"
                        + (one.memoryFree().isPresent()
                                ? ", %s more are free".formatted(amount(one.memoryFree()))
                                : ""));
        long disk = one.disk() * trainings;
        line(
                out,
                "Disk",
                "up to %s, %s are free%s"
                        .formatted(
                                Measured.gigabytes(disk),
                                Measured.gigabytes(one.diskFree()),
                                disk > one.diskFree() ? ": DOES NOT FIT" : ""));
        line(
                out,
                "Files",
                folder
                        + (trainings == 1 ? "/" : "/ARM-seedN/")
                        + "{run.json, metrics.csv, model.safetensors, checkpoints/, last/,"
                        + " result.json, report.html}");
        out.println();
        out.println("Nothing was written.");
        out.flush();
    }

    private static String amount(OptionalLong bytes) {
        return bytes.isPresent() ? Measured.gigabytes(bytes.getAsLong()) : "unknown";
    }

    private static String time(double seconds) {
        Duration time = Duration.ofSeconds(Math.round(seconds));
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toMinutes() > 0
                ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : time.toSeconds() + " s";
    }

    private static void line(PrintWriter out, String name, String value) {
        out.println(String.format(Locale.ROOT, "%-8s %s", name, value));
    }
}
