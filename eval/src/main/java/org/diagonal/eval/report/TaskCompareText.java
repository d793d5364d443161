package org.diagonal.eval.report;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.diagonal.eval.job.TaskCompareResult;
import org.diagonal.eval.measure.Labels;
import org.diagonal.eval.measure.McNemar;
import org.diagonal.eval.measure.Proportion;
import org.diagonal.eval.measure.TaskEvaluation;

/** A comparison on a template task for the terminal: a table of arms, and what it says in words. */
public final class TaskCompareText {

    private static final double SURE = 0.05;

    private TaskCompareText() {}

    /**
     * Prints a comparison; flushes.
     *
     * @param folder where its files are, if it has any
     */
    public static void write(TaskCompareResult result, Optional<Path> folder, PrintWriter out) {
        boolean symbolic = result.measured().labels() == Labels.SYMBOLIC;
        TextTable table =
                symbolic
                        ? new TextTable(
                                "Arm",
                                "Unseen",
                                "95 % interval",
                                "Among",
                                "Seen",
                                "Nats",
                                "Trained",
                                "Time")
                        : new TextTable(
                                "Arm",
                                "Unseen",
                                "95 % interval",
                                "Seen",
                                "Loss",
                                "Trained",
                                "Time");
        for (TaskCompareResult.Arm arm : result.arms()) {
            String trained =
                    arm.trainableParameters().isPresent()
                            ? format("%,d", arm.trainableParameters().getAsLong())
                            : "";
            String time = arm.seconds() > 0 ? format("%.0f s", arm.seconds()) : "";
            String unseen = share(arm.unseen());
            String interval =
                    format("%.3f to ", arm.unseen().low()) + format("%.3f", arm.unseen().high());
            String seen = share(arm.seen());
            String loss = format("%.3f", arm.loss());
            if (symbolic) {
                String among = arm.amongSymbols().map(TaskCompareText::share).orElse("");
                table.row(arm.name(), unseen, interval, among, seen, loss, trained, time);
            } else {
                table.row(arm.name(), unseen, interval, seen, loss, trained, time);
            }
        }
        table.write(out);
        out.println();
        for (TaskCompareResult.Arm arm : result.arms()) {
            arm.against().ifPresent(pair -> sentence(arm, pair, result, out));
        }
        legend(result, symbolic, out);
        folder.ifPresent(path -> out.println("Results in " + path));
        out.flush();
    }

    private static void sentence(
            TaskCompareResult.Arm arm, McNemar pair, TaskCompareResult result, PrintWriter out) {
        boolean scaled = !arm.scalings().equals("none");
        String better = scaled ? "the scalings help" : "better than the first";
        String worse = scaled ? "the scalings hurt" : "worse than the first";
        String verdict =
                pair.pValue() >= SURE
                        ? "no difference can be told"
                        : pair.difference() > 0 ? better : worse;
        int seeds = result.arms().get(0).scores().size();
        out.println(
                String.format(
                        Locale.ROOT,
                        "%s: %+.3f on unseen symbols (95 %% interval %+.3f to %+.3f,%n  McNemar p %s,"
                                + " %s%s): %s",
                        arm.name(),
                        pair.difference(),
                        pair.differenceLow(),
                        pair.differenceHigh(),
                        pair.pValue() < 0.001 ? "< 0.001" : format("= %.3f", pair.pValue()),
                        Words.count(result.measured().samples(), "string"),
                        seeds == 1 ? "" : ", " + seeds + " seeds",
                        verdict));
    }

    private static void legend(TaskCompareResult result, boolean symbolic, PrintWriter out) {
        TaskEvaluation measured = result.measured();
        out.println();
        out.println("Accuracy on " + measured.subject().task() + ", " + what(symbolic));
        if (symbolic) {
            out.println("Among  right among the symbols of the string");
        }
        out.println("Seen   on fresh strings of the training alphabet");
    }

    private static String what(boolean symbolic) {
        return symbolic
                ? "the likeliest token of the whole vocabulary"
                : "the label that is nearest to the output";
    }

    private static String share(Proportion share) {
        return format("%.3f", share.value());
    }

    private static String format(String format, Object value) {
        return String.format(Locale.ROOT, format, value);
    }
}
