package org.diagonal.eval.report.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.diagonal.eval.job.CompareResult;
import org.diagonal.eval.measure.JsonKeys;
import org.diagonal.eval.measure.McNemar;

/**
 * {@code compare.json} of a template task.
 *
 * @param model what was trained; empty where two models were given
 * @param arms the first is what others are compared with
 * @param setting what was measured, and how strings were drawn: names of the file with their values
 * @param versions what it ran with
 */
record TaskComparisonFile(
        Optional<String> model,
        String task,
        boolean symbolic,
        long samples,
        int seeds,
        List<Arm> arms,
        Map<String, String> setting,
        Map<String, String> versions) {

    /** What only such a file has. */
    static final String TASK = "task";

    private static final List<String> SETTING =
            List.of(
                    "task_sha256",
                    "labels",
                    "samples",
                    "samples_sha256",
                    "symbols",
                    "train_alphabet",
                    "valid_alphabet",
                    "test_alphabet",
                    "data_seed");

    /** A share of right answers with Wilson's 95 % interval. */
    record Share(double value, double low, double high) {}

    /**
     * An arm.
     *
     * @param among unseen symbols, the likeliest of those in the string; for symbolic labels
     * @param against the first arm on the same strings; empty for that
     */
    record Arm(
            String name,
            String scalings,
            List<Path> folders,
            Share unseen,
            Share seen,
            Optional<Share> among,
            double loss,
            List<Double> unseenPerSeed,
            OptionalLong trained,
            OptionalDouble seconds,
            Optional<McNemar> against) {}

    static TaskComparisonFile read(Path folder) throws IOException {
        return ResultFile.read(
                folder.resolve(CompareResult.FILE),
                "comparison",
                ComparisonFile.VERSION,
                TaskComparisonFile::of);
    }

    private static TaskComparisonFile of(JsonKeys keys) {
        Map<String, String> setting = new java.util.LinkedHashMap<>();
        for (String key : SETTING) {
            if (keys.has(key)) {
                setting.put(key, keys.value(key).asText());
            }
        }
        return new TaskComparisonFile(
                keys.has("model") ? Optional.of(keys.text("model")) : Optional.empty(),
                keys.text(TASK),
                keys.text("labels").equals("symbolic"),
                keys.integer("samples"),
                keys.small("seeds"),
                keys.objects("arms").stream().map(TaskComparisonFile::arm).toList(),
                setting,
                ResultFile.words(keys.value("versions")));
    }

    private static Arm arm(JsonKeys keys) {
        String among = "accuracy_unseen_among_symbols";
        return new Arm(
                keys.text("name"),
                keys.text("scalings"),
                keys.texts("folders").stream().map(Path::of).toList(),
                share(keys, "accuracy_unseen"),
                share(keys, "accuracy_seen"),
                keys.has(among) ? Optional.of(share(keys, among)) : Optional.empty(),
                keys.number("loss_unseen"),
                keys.numbers("accuracy_unseen_per_seed"),
                ComparisonFile.whole(keys, "trainable_parameters"),
                keys.optional("seconds"),
                keys.has("against_first")
                        ? Optional.of(pair(keys.object("against_first")))
                        : Optional.empty());
    }

    static Share share(JsonKeys keys, String key) {
        List<Double> interval = keys.numbers(key + "_ci95", 2);
        return new Share(keys.number(key), interval.get(0), interval.get(1));
    }

    private static McNemar pair(JsonKeys keys) {
        return new McNemar(
                keys.integer("both_right"),
                keys.integer("first_only"),
                keys.integer("second_only"),
                keys.integer("neither_right"));
    }
}
