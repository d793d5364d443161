package org.diagonal.eval.curve;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import org.diagonal.eval.trial.Trial;
import org.diagonal.plugin.identity.Arm;

/**
 * A curve: the same training for every number of samples, arm and seed.
 *
 * @param settings what all trials share
 * @param arms the scalings to compare; others are paired with the first
 * @param n numbers of training samples, upwards
 * @param trials trainings of each point, with seeds from the settings' upwards
 */
public record CurvePlan(Curve.Settings settings, List<Arm> arms, List<Integer> n, int trials) {

    /**
     * Samples and alphabets beside the n training samples.
     *
     * @param trainAlphabet symbols of the training alphabet at every n; absent where it has n, as
     *     in the paper
     * @param valid validation samples
     * @param validAlphabet symbols of theirs
     * @param test test samples
     * @param testAlphabet symbols of theirs
     */
    public record Samples(
            OptionalInt trainAlphabet, int valid, int validAlphabet, int test, int testAlphabet) {

        /** The paper's: 100 of each. */
        public static final Samples PAPER = new Samples(OptionalInt.empty(), 100, 100, 100, 100);

        /** Those of a trial with n training samples. */
        Trial.Samples of(int n) {
            return new Trial.Samples(
                    trainAlphabet.orElse(n), valid, validAlphabet, test, testAlphabet);
        }
    }

    private static final int MOST_TRIALS = 50_000;

    /** Sorts n; refuses a curve without points, and a point twice. */
    public CurvePlan {
        arms = List.copyOf(arms);
        n = n.stream().sorted().toList();
        requireDistinct("arms", arms);
        requireDistinct("n", n);
        if (trials < 1) {
            throw new IllegalArgumentException("trials must be 1 or more: " + trials);
        }
        double count = (double) arms.size() * n.size() * trials;
        if (count > MOST_TRIALS) {
            throw new IllegalArgumentException(
                    "a curve has at most %,d trials, found %,.0f: arms=%d, n=%d, trials=%d"
                            .formatted(MOST_TRIALS, count, arms.size(), n.size(), trials));
        }
        if (n.get(0) < 1) {
            throw new IllegalArgumentException("n must be 1 or more: " + n.get(0));
        }
        for (Arm arm : arms) { // which refuses what no trial can be
            settings.trial(arm, n.get(0), settings.seed());
        }
    }

    private static void requireDistinct(String name, List<?> values) {
        if (values.isEmpty() || new HashSet<>(values).size() < values.size()) {
            throw new IllegalArgumentException(
                    "%s must be different ones, at least one: %s".formatted(name, values));
        }
    }

    /** Whether alphabets grow with n and the task tested is the one learned, as in the paper. */
    boolean isPapers() {
        return settings.samples().trainAlphabet().isEmpty() && settings.testTask().isEmpty();
    }

    /** All trials: by n, then seed, then arm, so that early ones say something of every arm. */
    public List<Trial> all() {
        List<Trial> all = new ArrayList<>();
        for (int size : n) {
            for (int i = 0; i < trials; i++) {
                for (Arm arm : arms) {
                    all.add(trial(arm, size, i));
                }
            }
        }
        return all;
    }

    /**
     * One of them.
     *
     * @param index from 0
     */
    public Trial trial(Arm arm, int size, int index) {
        return settings.trial(arm, size, settings.seed() + index);
    }
}
