package org.diagonal.eval.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.eval.trial.TemplateTrials;
import org.diagonal.eval.trial.Trial;

/**
 * What a trial takes, before it runs: an estimate from the operations of its network, for plans and
 * for the order of a cluster's tasks.
 *
 * <p>Calibrated on one core of a 2-core machine (one thread a trial): the paper's transformer (2
 * layers, 16 heads of 64, width 128) trains {@value #SAMPLES_A_SECOND} samples a second there in
 * large batches, and every step costs {@value #SECONDS_A_STEP} s for each layer besides. Other
 * networks and longer strings are scaled by their multiplications; a GPT-2 is taken as the 124M.
 */
public final class SweepCost {

    /** Of the paper's transformer on ABA/ABB, forward and backward, on one core. */
    static final int SAMPLES_A_SECOND = 2250;

    /** What a step costs apart from its samples, for each layer. */
    static final double SECONDS_A_STEP = 0.003;

    private static final double PAPERS =
            NetworkKind.TEMPLATE_TRANSFORMER.operations(
                    4, 0, NetworkKind.TEMPLATE_TRANSFORMER.sizes());

    private final Map<String, Integer> lengths = new HashMap<>();

    /**
     * Seconds of a core that a trial takes, about.
     *
     * @throws UncheckedIOException if its task cannot be read any more
     */
    public double seconds(Trial trial) {
        int steps = trial.stepsPerEpoch();
        double relative = operations(trial) / PAPERS;
        // Backward is twice as much as forward, and validation is forward alone.
        double samples = trial.n() + trial.samples().valid() / 3.0;
        double epoch =
                samples * relative / SAMPLES_A_SECOND
                        + steps * SECONDS_A_STEP * layers(trial.network().sizes());
        return trial.training().epochs() * epoch;
    }

    /** Tokens of a string, the one that is read out included. */
    private int length(Trial.Task task) {
        return lengths.computeIfAbsent(
                task.sha256(),
                any -> {
                    try {
                        return 1 + TemplateTrials.length(task);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    private static int layers(Map<String, Integer> sizes) {
        return Math.max(1, sizes.getOrDefault(NetworkKind.DEPTH, 1));
    }

    /** Multiplications and additions of a string, forward. */
    private double operations(Trial trial) {
        double length = length(trial.task());
        Map<String, Integer> sizes = trial.network().sizes();
        double symbols =
                trial.samples().trainAlphabet()
                        + trial.samples().validAlphabet()
                        + (double) trial.samples().testAlphabet();
        return trial.network().kind().operations(length, symbols, sizes);
    }
}
