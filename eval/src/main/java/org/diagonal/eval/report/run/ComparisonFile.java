package org.diagonal.eval.report.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.diagonal.eval.job.CompareResult;
import org.diagonal.eval.measure.Comparison;
import org.diagonal.eval.measure.JsonKeys;

/**
 * {@code compare.json} of a text.
 *
 * @param model what was trained; empty where two models were given
 * @param arms the first is what others are compared with
 * @param measured how perplexity was measured
 * @param versions what it ran with
 */
record ComparisonFile(
        Optional<String> model, List<Arm> arms, Measured measured, Map<String, String> versions) {

    static final long VERSION = 1;

    /**
     * An arm.
     *
     * @param comparison with the first arm; empty for that
     */
    record Arm(
            String name,
            String scalings,
            List<Path> folders,
            double perplexity,
            double nats,
            long targets,
            OptionalLong trained,
            OptionalDouble seconds,
            Optional<Comparison> comparison) {

        /** What the comparison says. */
        String sentence() {
            Comparison with = comparison.orElseThrow();
            return scalings.equals("none")
                    ? with.sentence("better than the first", "worse than the first")
                    : with.sentence();
        }
    }

    /** How perplexity was measured. */
    record Measured(
            String protocol,
            long blockSize,
            OptionalLong stride,
            String data,
            String dataSha256,
            String tokenizerSha256) {}

    static ComparisonFile read(Path folder) throws IOException {
        return ResultFile.read(
                folder.resolve(CompareResult.FILE), "comparison", VERSION, ComparisonFile::of);
    }

    private static ComparisonFile of(JsonKeys keys) {
        List<Arm> arms = keys.objects("arms").stream().map(ComparisonFile::arm).toList();
        if (arms.size() < 2) {
            throw new IllegalArgumentException(
                    "key arms: expected two or more, found " + arms.size());
        }
        return new ComparisonFile(
                keys.has("model") ? Optional.of(keys.text("model")) : Optional.empty(),
                arms,
                new Measured(
                        keys.text("protocol"),
                        keys.integer("block_size"),
                        whole(keys, "stride"),
                        keys.text("data"),
                        keys.text("data_sha256"),
                        keys.text("tokenizer_sha256")),
                ResultFile.words(keys.value("versions")));
    }

    private static Arm arm(JsonKeys keys) {
        return new Arm(
                keys.text("name"),
                keys.text("scalings"),
                keys.texts("folders").stream().map(Path::of).toList(),
                keys.number("perplexity"),
                keys.number("nats"),
                keys.integer("targets"),
                whole(keys, "trainable_parameters"),
                keys.optional("seconds"),
                keys.has("ratio") ? Optional.of(comparison(keys)) : Optional.empty());
    }

    private static Comparison comparison(JsonKeys keys) {
        List<Double> interval = keys.numbers("ratio_ci95", 2);
        return new Comparison(
                keys.number("ratio"),
                interval.get(0),
                interval.get(1),
                keys.text("unit"),
                keys.small("units"),
                keys.small("resamples"),
                keys.small("seeds"),
                keys.numbers("ratios_per_seed", keys.small("seeds")));
    }

    static OptionalLong whole(JsonKeys keys, String key) {
        return keys.has(key) ? OptionalLong.of(keys.integer(key)) : OptionalLong.empty();
    }
}
