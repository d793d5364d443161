package org.diagonal.eval.trial;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.diagonal.eval.hub.Hub;
import org.diagonal.eval.measure.accuracy.Labels;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.eval.task.TaskHash;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.templates.alphabet.SymbolKind;
import org.diagonal.templates.catalogue.Catalogue;
import org.diagonal.templates.task.LabelKind;
import org.diagonal.templates.task.Task;
import org.diagonal.templates.task.TaskYaml;
import org.diagonal.templates.task.Transfer;

/** What a curve's options name, as its trials record it; loads no engine. */
public final class TemplateTrials {

    private TemplateTrials() {}

    /**
     * A task by its name in the catalogue, or by the path of its file.
     *
     * @param name what follows {@code task:}
     * @throws IllegalArgumentException for an unknown name, with the nearest
     */
    public static Trial.Task task(String name) throws IOException {
        return task(name, Catalogue.task(name));
    }

    /** A task under a name, with its text. */
    public static Trial.Task task(String name, Task task) {
        return new Trial.Task(
                name,
                TaskHash.of(task),
                task.kind() == LabelKind.REAL ? Labels.REAL : Labels.SYMBOLIC,
                Optional.of(TaskYaml.write(task)));
    }

    /**
     * What a trial's task says: its text where that came along, else what its name stands for.
     *
     * @throws IllegalArgumentException if that is another task than the trial's
     */
    static Task open(Trial.Task task) throws IOException {
        Task found =
                task.text().isPresent()
                        ? TaskYaml.parse(
                                task.name(), task.text().get().getBytes(StandardCharsets.UTF_8))
                        : Catalogue.task(task.name());
        if (task.text().isPresent() && !TaskHash.of(found).equals(task.sha256())) {
            throw new IllegalArgumentException(
                    "the text of task %s is another task: expected SHA-256 %s, found %s"
                            .formatted(task.name(), task.sha256(), TaskHash.of(found)));
        }
        return found;
    }

    /** The most tokens that a string of a task has. */
    public static int length(Trial.Task task) throws IOException {
        return open(task).templates().stream()
                .mapToInt(template -> template.template().elements().size())
                .max()
                .orElseThrow();
    }

    /**
     * Checks that a trial's network can say its task's labels, that its alphabets have symbols
     * enough, and that it can be measured on its test task.
     *
     * @throws IllegalArgumentException if it cannot, or an injective map needs more
     */
    public static void requireFit(Trial trial) throws IOException {
        NetworkKind kind = trial.network().kind();
        if (trial.task().labels() == Labels.REAL && !kind.readsNumbers()) {
            throw new IllegalArgumentException(
                    "%s reads out symbols, and the labels of %s are real: try copy, print or another symbolic task"
                            .formatted(kind, trial.task().name()));
        }
        boolean tied = kind == NetworkKind.TEMPLATE_TRANSFORMER || kind == NetworkKind.ATTENTION;
        if (trial.arm().equals(Arm.HEAD) && tied && trial.task().labels() == Labels.SYMBOLIC) {
            throw new IllegalArgumentException(
                    "%s reads symbols out through its embedding: it has no head to train alone"
                            .formatted(kind));
        }
        Task task = open(trial.task());
        task.requireAlphabet("training alphabet", trial.samples().trainAlphabet());
        task.requireAlphabet("validation alphabet", trial.samples().validAlphabet());
        task.requireAlphabet("test alphabet", trial.samples().testAlphabet());
        if (trial.testTask().isPresent()) {
            requireTested(trial, task, open(trial.testTask().get()));
        }
    }

    private static void requireTested(Trial trial, Task task, Task tested) {
        tested.requireAlphabet("training alphabet", trial.samples().trainAlphabet());
        tested.requireAlphabet("test alphabet", trial.samples().testAlphabet());
        Transfer.requireAnswers(task, tested);
        NetworkKind kind = trial.network().kind();
        if (kind == NetworkKind.GPT2) {
            return; // its tokenizer knows other tokens
        }
        Transfer.requireTokens(task, tested);
        if (tested.length() != task.length() && !kind.readsAnyLength()) {
            throw new IllegalArgumentException(
                    ("%s has a weight for every position: trained on %s it reads strings of %d"
                                    + " tokens, and those of %s have %d; attention, rnn, lstm and a"
                                    + " GPT-2 read other lengths")
                            .formatted(
                                    kind,
                                    task.name(),
                                    task.length(),
                                    tested.name(),
                                    tested.length()));
        }
    }

    /**
     * The weights of a GPT-2.
     *
     * @param model a model's name or folder
     * @param pretrained whether its weights are where training starts
     * @param symbols of its vocabulary that strings are made of
     */
    public static Trial.Weights weights(
            Hub hub, String model, boolean pretrained, SymbolKind symbols) throws IOException {
        ModelSource source = ModelSource.resolve(hub, model, Optional.empty());
        return new Trial.Weights(source.lasting(), source.sha256(), pretrained, symbols);
    }
}
