package org.diagonal.eval.job;

import java.util.Map;
import org.diagonal.plugin.small.Architecture;
import org.diagonal.plugin.small.TemplateTransformer;
import org.diagonal.templates.alphabet.Alphabets;
import org.diagonal.templates.task.LabelKind;
import org.diagonal.templates.task.Task;

/** The networks from scratch as a trial describes them. */
final class SmallNetworks {

    private SmallNetworks() {}

    /** What the trial's network is made of, for the strings of a task. */
    static Architecture architecture(Trial trial, Task task, Alphabets alphabets) {
        Map<String, Integer> sizes = trial.network().sizes();
        int length = alphabets.length();
        int vocabulary = alphabets.vocabularySize();
        boolean real = task.kind() == LabelKind.REAL;
        int classes = real ? 1 : vocabulary;
        return switch (trial.network().kind()) {
            case TEMPLATE_TRANSFORMER ->
                    new TemplateTransformer(
                            length,
                            vocabulary,
                            classes,
                            sizes.get(NetworkKind.WIDTH),
                            sizes.get(NetworkKind.DEPTH),
                            sizes.get(NetworkKind.HEADS),
                            sizes.get(NetworkKind.HEAD_WIDTH),
                            sizes.get(NetworkKind.MLP_WIDTH),
                            real ? TemplateTransformer.Pool.CLS : TemplateTransformer.Pool.FINAL,
                            trial.arm().hasQk() ? 1 : 0,
                            trial.arm().hasOv() ? 1 : 0,
                            false);
            case MLP, MLP_XXT, RNN, LSTM, GPT2 -> throw new IllegalArgumentException("no");
        };
    }
}
