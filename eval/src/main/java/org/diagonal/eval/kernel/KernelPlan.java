package org.diagonal.eval.kernel;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.diagonal.eval.kernel.math.Estimator;
import org.diagonal.eval.kernel.math.Setting;
import org.diagonal.templates.task.Task;

/**
 * What to compute of a task.
 *
 * @param task with real labels
 * @param name what users call it
 * @param sha256 of what it draws
 * @param setting the kernel, whose a is the first of {@code a}
 * @param a every a
 * @param estimator points and seed
 * @param n numbers of samples
 * @param alphabet symbols to draw from; as many as samples where empty
 * @param lambda the ridge
 * @param trials draws of samples
 * @param trained curves to show beside
 * @param widths of random networks to check the kernel with; may be empty
 * @param networks of each width
 * @param versions what computes
 */
public record KernelPlan(
        Task task,
        String name,
        String sha256,
        Setting setting,
        List<Double> a,
        Estimator estimator,
        List<Integer> n,
        OptionalInt alphabet,
        double lambda,
        int trials,
        List<TrainedCurve> trained,
        List<Integer> widths,
        int networks,
        Map<String, String> versions) {

    /** Draws of so many take about a minute each. */
    private static final int MOST_SAMPLES = 1_000_000;

    /** Copies the lists; refuses a ridge of 0 and alphabets that are too small. */
    public KernelPlan {
        a = List.copyOf(a);
        n = n.stream().sorted().toList();
        trained = List.copyOf(trained);
        widths = widths.stream().sorted().toList();
        if (trials == 0 && !widths.isEmpty()) {
            throw new IllegalArgumentException("networks of a finite width need draws: trials=0");
        }
        int largest = n.get(n.size() - 1);
        if (trials > 0 && largest > MOST_SAMPLES) {
            throw new IllegalArgumentException(
                    "n must be at most %,d where samples are drawn: %,d; without draws any n has its closed form"
                            .formatted(MOST_SAMPLES, largest));
        }
        if (!(lambda > 0)) {
            throw new IllegalArgumentException("lambda must be more than 0: " + lambda);
        }
        int smallest = alphabet.orElse(n.get(0));
        if (smallest < task.mostWildcards()) {
            throw new IllegalArgumentException(
                    "the alphabet is smaller than the wildcards of a template: alphabet=%d, wildcards=%d%s"
                            .formatted(
                                    smallest,
                                    task.mostWildcards(),
                                    alphabet.isPresent() ? "" : " (it has as many symbols as n)"));
        }
    }

    int alphabetOf(int samples) {
        return alphabet.orElse(samples);
    }
}
