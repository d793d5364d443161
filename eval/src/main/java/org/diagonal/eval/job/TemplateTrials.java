package org.diagonal.eval.job;

import java.io.IOException;

/**
 * Where curves meet template tasks, networks and training: the only class of the curves that knows
 * them.
 */
public final class TemplateTrials {

    private static final String MISSING = "template tasks cannot be trained yet";

    private TemplateTrials() {}

    /** Opens a workplace, which loads the engine. */
    @FunctionalInterface
    public interface Opening {
        /** The workplace. */
        Workplace open() throws IOException;
    }

    /**
     * A task by its name in the catalogue, or by the path of its file; loads no engine.
     *
     * @param name what follows {@code task:}
     * @throws IllegalArgumentException for an unknown name, with the nearest
     */
    @SuppressWarnings("DoNotCallSuggester") // it always throws until it is joined
    public static Trial.Task task(String name) throws IOException {
        throw new IllegalStateException(MISSING + ": " + name);
    }

    /**
     * The weights of a GPT-2; loads no engine.
     *
     * @param model a model's name or folder
     * @param pretrained whether its weights are where training starts
     */
    @SuppressWarnings("DoNotCallSuggester") // it always throws until it is joined
    public static Trial.Weights weights(String model, boolean pretrained) throws IOException {
        throw new IllegalStateException(
                "%s: %s, pretrained=%s".formatted(MISSING, model, pretrained));
    }

    /**
     * Trains and measures trials.
     *
     * @param opening called once, before the first trial
     */
    @SuppressWarnings("DoNotCallSuggester") // it always throws until it is joined
    public static TrialRunner runner(Opening opening) {
        throw new IllegalStateException(MISSING + ": no use for " + opening);
    }
}
