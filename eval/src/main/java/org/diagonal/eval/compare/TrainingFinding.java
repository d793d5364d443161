package org.diagonal.eval.compare;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.diagonal.eval.measure.effect.Effect;
import org.diagonal.eval.measure.effect.Effect.Verdict;

/** Says what training did to the model, arm by arm. */
record TrainingFinding(Comparison comparison) {

    /** A sentence without a full stop. */
    String sentence() {
        List<Comparison.Arm> arms = comparison.arms();
        List<Verdict> verdicts =
                arms.stream().map(arm -> against(arm).verdict()).distinct().toList();
        String measure = against(arms.get(0)).measure();
        String from = figure(comparison.before().orElseThrow().scores());
        String to = arms.stream().map(TrainingFinding::reached).collect(Collectors.joining(", "));
        String verb =
                verdicts.size() > 1
                        ? "changes"
                        : switch (verdicts.get(0)) {
                            case IMPROVES -> "improves";
                            case WORSENS -> "worsens";
                            case NO_SIGNIFICANT_DIFFERENCE -> "does not significantly change";
                        };
        return "training %s %s: from %s before to %s; %s"
                .formatted(verb, measure, from, to, against(arms.get(0)).seedWords());
    }

    private static Effect against(Comparison.Arm arm) {
        return arm.againstBefore().orElseThrow();
    }

    private static String reached(Comparison.Arm arm) {
        return "%s (%s, %s)".formatted(figure(arm.scores()), arm.name(), change(arm));
    }

    private static String change(Comparison.Arm arm) {
        Effect effect = against(arm);
        return switch (effect.verdict()) {
            case IMPROVES -> effect.size() + " better";
            case WORSENS -> effect.size() + " worse";
            case NO_SIGNIFICANT_DIFFERENCE -> "no significant difference";
        };
    }

    private static String figure(Comparison.Scores scores) {
        if (scores instanceof Comparison.Perplexities text) {
            return String.format(Locale.ROOT, "%.2f", text.perplexity());
        }
        double share = ((Comparison.Accuracies) scores).accuracyUnseen();
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
