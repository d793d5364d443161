package org.diagonal.eval.cli.console;

import java.util.Locale;
import java.util.Optional;

/** What options are called in other programs for language models, and here. */
final class ForeignNames {

    private ForeignNames() {}

    /**
     * What another program's option is called here, such as {@code --lr}; empty for no such option.
     */
    static Optional<String> ours(String name) {
        return Optional.ofNullable(
                switch (plain(name)) {
                    case "learning-rate" -> "--lr";
                    case "model-name-or-path", "model-name", "pretrained", "model-args" ->
                            "--model";
                    case "dataset-name", "dataset", "train-file", "tasks", "data-dir" -> "--data";
                    case "validation-file" -> "--valid-data";
                    case "test-file" -> "--test-data";
                    case "validation-split-percentage" -> "--validation-split";
                    case "per-device-train-batch-size",
                            "per-device-eval-batch-size",
                            "train-batch-size",
                            "micro-batch-size" ->
                            "--batch-size";
                    case "gradient-accumulation-steps" -> "--accumulate";
                    case "num-train-epochs", "num-epochs" -> "--epochs";
                    case "max-train-steps", "steps", "train-steps", "max-iters" -> "--max-steps";
                    case "lr-scheduler-type" -> "--schedule";
                    case "warmup-steps", "num-warmup-steps" -> "--warmup";
                    case "max-grad-norm" -> "--clip";
                    case "output-dir", "out-dir" -> "--out";
                    case "output-path" -> "--json";
                    case "eval-steps" -> "--eval-every";
                    case "save-steps" -> "--save-every";
                    case "save-total-limit" -> "--keep";
                    case "early-stopping-patience" -> "--patience";
                    case "resume-from-checkpoint" -> "--resume";
                    case "max-seq-length", "max-length" -> "--block-size";
                    case "max-tokens" -> "--max-new-tokens";
                    case "report-to" -> "--tensorboard";
                    case "text-column-name" -> "--text-column";
                    case "tokenizer-name" -> "--tokenizer";
                    case "dropout-rate" -> "--dropout";
                    case "num-threads" -> "--threads";
                    case "limit" -> "--max-eval-samples";
                    case "max-eval-samples", "max-samples" -> "--limit";
                    case "dry-run" -> "--plan";
                    default -> null;
                });
    }

    /** What to do instead of using another program's option; empty for no such option. */
    static Optional<String> answer(String name) {
        return Optional.ofNullable(
                switch (plain(name)) {
                    case "do-train" -> "fine-tune is the command that trains";
                    case "do-eval" -> "training evaluates by itself; evaluate measures a model";
                    case "do-predict" -> "evaluate measures a model, generate continues a text";
                    case "bf16", "fp16" -> "use --precision bf16";
                    case "logging-steps" -> "metrics.csv has every step";
                    case "logging-dir" -> "use --tensorboard, which writes into --out";
                    case "overwrite-output-dir" ->
                            "an interrupted run resumes; for a new one take another --out";
                    case "evaluation-strategy", "eval-strategy" -> "use --eval-every N";
                    case "save-strategy" -> "use --save-every N";
                    case "warmup-ratio" -> "use --warmup N, a number of steps";
                    case "cache-dir" -> "set DIAGONAL_CACHE";
                    case "load-best-model-at-end" ->
                            "the run folder is the best model, last/ the last one";
                    case "use-lora" -> "--train scalings trains the scalings alone";
                    case "no-cuda" -> "use --device cpu";
                    default -> null;
                });
    }

    private static String plain(String name) {
        return name.replaceFirst("^-+", "").replace('_', '-').toLowerCase(Locale.ROOT);
    }
}
