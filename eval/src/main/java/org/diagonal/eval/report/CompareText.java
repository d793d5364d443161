package org.diagonal.eval.report;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.diagonal.eval.job.CompareResult;
import org.diagonal.eval.measure.Comparison;
import org.diagonal.eval.measure.Evaluation;

/** A comparison for the terminal: a table of arms, and what it says in words. */
public final class CompareText {

    private CompareText() {}

    /**
     * Prints a comparison; flushes.
     *
     * @param folder where its files are, if it has any
     */
    public static void write(CompareResult result, Optional<Path> folder, PrintWriter out) {
        TextTable table =
                new TextTable("Arm", "Perplexity", "Ratio", "95 % interval", "Trained", "Time");
        for (CompareResult.Arm arm : result.arms()) {
            table.row(
                    arm.name(),
                    format("%.4f", arm.perplexity()),
                    arm.comparison().map(c -> format("%.4f", c.ratio())).orElse(""),
                    arm.comparison().map(CompareText::interval).orElse(""),
                    parameters(arm.trainableParameters()),
                    arm.seconds() > 0 ? format("%.0f s", arm.seconds()) : "");
        }
        table.write(out);
        out.println();
        for (CompareResult.Arm arm : result.arms()) {
            arm.comparison().ifPresent(c -> out.println(arm.name() + ": " + sentence(arm, c)));
        }
        Evaluation measured = result.arms().get(0).evaluations().get(0);
        out.println();
        out.printf(
                Locale.ROOT,
                "Perplexity by %s, blocks of %d%s, on%n%s:%n%s, %,d tokens scored%n",
                measured.protocol(),
                measured.blockSize(),
                measured.stride().isPresent() ? ", stride " + measured.stride().getAsInt() : "",
                measured.provenance().data(),
                Words.count(measured.documents(), "article"),
                measured.targets());
        folder.ifPresent(path -> out.println("Results in " + path));
        out.flush();
    }

    private static String sentence(CompareResult.Arm arm, Comparison comparison) {
        return arm.scalings().equals("none")
                ? comparison.sentence("better than the first", "worse than the first")
                : comparison.sentence();
    }

    private static String interval(Comparison comparison) {
        return format("%.4f", comparison.ciLow()) + " to " + format("%.4f", comparison.ciHigh());
    }

    private static String parameters(OptionalLong count) {
        return count.isPresent() ? format("%,d", count.getAsLong()) : "";
    }

    private static String format(String format, Object value) {
        return String.format(Locale.ROOT, format, value);
    }
}
