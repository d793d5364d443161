package org.diagonal.eval.sweep;

import java.util.Map;
import org.diagonal.eval.task.NetworkKind;
import org.diagonal.eval.trial.Trial;

/**
 * What a trial takes, before it runs: an estimate from the operations of its network, for plans and
 * for the order of a cluster's tasks.
 *
 * <p>Calibrated on one core of a 2-core machine (one thread a trial): the paper's transformer (2
 * layers, 16 heads of 64, width 128) trains {@value #SAMPLES_A_SECOND} samples a second there in
 * large batches, and every step costs {@value #SECONDS_A_STEP} s besides. Other networks are scaled
 * by their multiplications; so is the length of strings, which is taken as {@value #LENGTH}.
 */
public final class SweepCost {

    /** Of the paper's transformer on ABA/ABB, forward and backward, on one core. */
    static final int SAMPLES_A_SECOND = 2250;

    /** What a step costs apart from its samples, for each layer. */
    static final double SECONDS_A_STEP = 0.003;

    /** Tokens of a string, the one that is read out included. */
    static final int LENGTH = 4;

    private static final double PAPERS = transformer(2, 128, 16, 64, 256);
    private static final double GPT2 = 2.0 * LENGTH * 124e6;

    private SweepCost() {}

    /** Seconds of a core that a trial takes, about. */
    public static double seconds(Trial trial) {
        int batch = Math.min(trial.n(), trial.training().batchSize());
        double steps = Math.ceil(trial.n() / (double) batch);
        double relative = operations(trial) / PAPERS;
        // Backward is twice as much as forward, and validation is forward alone.
        double samples = trial.n() + trial.samples().valid() / 3.0;
        double epoch =
                samples * relative / SAMPLES_A_SECOND
                        + steps * SECONDS_A_STEP * layers(trial.network().sizes());
        return trial.training().epochs() * epoch;
    }

    private static int layers(Map<String, Integer> sizes) {
        return Math.max(1, sizes.getOrDefault(NetworkKind.DEPTH, 1));
    }

    /** Multiplications and additions of a string, forward. */
    private static double operations(Trial trial) {
        Map<String, Integer> sizes = trial.network().sizes();
        double width = sizes.getOrDefault(NetworkKind.WIDTH, 128);
        int depth = layers(sizes);
        double symbols =
                trial.samples().trainAlphabet()
                        + trial.samples().validAlphabet()
                        + (double) trial.samples().testAlphabet();
        return switch (trial.network().kind()) {
            case TEMPLATE_TRANSFORMER ->
                    transformer(
                            depth,
                            width,
                            sizes.get(NetworkKind.HEADS),
                            sizes.get(NetworkKind.HEAD_WIDTH),
                            sizes.get(NetworkKind.MLP_WIDTH));
            case ATTENTION ->
                    transformer(
                                    1,
                                    width,
                                    sizes.get(NetworkKind.HEADS),
                                    sizes.get(NetworkKind.HEAD_WIDTH),
                                    0)
                            + 2 * width * symbols;
            case MLP, MLP_XXT ->
                    2 * (LENGTH * symbols * width + (depth - 1) * width * width);
            case RNN -> 4.0 * LENGTH * width * width;
            case LSTM -> 16.0 * LENGTH * width * width;
            case GPT2 -> GPT2;
        };
    }

    private static double transformer(
            double depth, double width, double heads, double headWidth, double mlp) {
        double attention = heads * headWidth;
        return depth
                * (2.0 * LENGTH * (4 * width * attention + 2 * width * mlp)
                        + 4.0 * LENGTH * LENGTH * attention);
    }
}
