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
        ours.put("max-new-tokens", "max-tokens");
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

    /** What another program's option is called here, such as {@code --lr}. */
    static Optional<String> ours(String name) {
        String plain = name.replaceFirst("^-+", "").replace('_', '-').toLowerCase(Locale.ROOT);
        return Optional.ofNullable(OURS.get(plain)).map(ours -> "--" + ours);
    }
}
