package org.diagonal.eval.cli.console;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What options are called in other programs for language models, and here. */
final class ForeignNames {

    private static final Map<String, String> OURS = ours();

    private ForeignNames() {}

    private static Map<String, String> ours() {
        Map<String, String> ours = new LinkedHashMap<>();
        ours.put("learning-rate", "lr");
        ours.put("model-name-or-path", "model");
        ours.put("model-name", "model");
        ours.put("pretrained", "model");
        ours.put("dataset-name", "data");
        ours.put("dataset", "data");
        ours.put("train-file", "data");
        ours.put("validation-file", "valid-data");
        ours.put("test-file", "test-data");
        ours.put("validation-split-percentage", "validation-split");
        ours.put("per-device-train-batch-size", "batch-size");
        ours.put("per-device-eval-batch-size", "batch-size");
        ours.put("train-batch-size", "batch-size");
        ours.put("micro-batch-size", "batch-size");
        ours.put("gradient-accumulation-steps", "accumulate");
        ours.put("num-train-epochs", "epochs");
        ours.put("num-epochs", "epochs");
        ours.put("max-train-steps", "max-steps");
        ours.put("lr-scheduler-type", "schedule");
        ours.put("warmup-steps", "warmup");
        ours.put("num-warmup-steps", "warmup");
        ours.put("max-grad-norm", "clip");
        ours.put("output-dir", "out");
        ours.put("out-dir", "out");
        ours.put("output-path", "json");
        ours.put("eval-steps", "eval-every");
        ours.put("save-steps", "save-every");
        ours.put("save-total-limit", "keep");
        ours.put("early-stopping-patience", "patience");
        ours.put("resume-from-checkpoint", "resume");
        ours.put("max-seq-length", "block-size");
        ours.put("max-length", "block-size");
        ours.put("max-tokens", "max-new-tokens");
        ours.put("steps", "max-steps");
        ours.put("train-steps", "max-steps");
        ours.put("max-iters", "max-steps");
        ours.put("model-args", "model");
        ours.put("tasks", "data");
        ours.put("report-to", "tensorboard");

        ours.put("text-column-name", "text-column");
        ours.put("tokenizer-name", "tokenizer");
        ours.put("data-dir", "data");
        ours.put("dropout-rate", "dropout");
        ours.put("num-threads", "threads");
        ours.put("limit", "max-eval-samples");
        ours.put("max-eval-samples", "limit");
        ours.put("max-samples", "limit");
        ours.put("dry-run", "plan");
        return Map.copyOf(ours);
    }

    /** What is not an option here, and what stands for it. */
    private static final Map<String, String> ANSWERS =
            Map.ofEntries(
                    Map.entry("do-train", "fine-tune is the command that trains"),
                    Map.entry("do-eval", "training evaluates by itself; evaluate measures a model"),
                    Map.entry("do-predict", "evaluate measures a model, generate continues a text"),
                    Map.entry("bf16", "use --precision bf16"),
                    Map.entry("fp16", "use --precision bf16"),
                    Map.entry("logging-steps", "metrics.csv has every step"),
                    Map.entry("logging-dir", "use --tensorboard, which writes into --out"),
                    Map.entry(
                            "overwrite-output-dir",
                            "an interrupted run resumes; for a new one take another --out"),
                    Map.entry("evaluation-strategy", "use --eval-every N"),
                    Map.entry("eval-strategy", "use --eval-every N"),
                    Map.entry("save-strategy", "use --save-every N"),
                    Map.entry("warmup-ratio", "use --warmup N, a number of steps"),
                    Map.entry("cache-dir", "set DIAGONAL_CACHE"),
                    Map.entry(
                            "load-best-model-at-end",
                            "the run folder is the best model, last/ the last one"),
                    Map.entry("use-lora", "--train scalings trains the scalings alone"),
                    Map.entry("no-cuda", "use --device cpu"));

    /** What to do instead of using another program's option; empty for no such option. */
    static Optional<String> answer(String name) {
        return Optional.ofNullable(ANSWERS.get(plain(name)));
    }

    private static String plain(String name) {
        return name.replaceFirst("^-+", "").replace('_', '-').toLowerCase(Locale.ROOT);
    }

    /** What another program's option is called here, such as {@code --lr}. */
    static Optional<String> ours(String name) {
        return Optional.ofNullable(OURS.get(plain(name))).map(ours -> "--" + ours);
    }
}
