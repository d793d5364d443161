package org.diagonal.eval.kernel;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.diagonal.eval.kernel.math.Finding;
import org.diagonal.eval.kernel.math.Setting;
import org.diagonal.eval.record.Form;

/**
 * {@code kernel.json} of all tasks that networks have been trained on: predicted and trained
 * numbers of samples.
 *
 * @param kind {@value #KIND}
 * @param tasks from those that the kernel finds easy
 * @param correlations of predicted and trained, over the paper's curves that fall below 0.1
 * @param versions what computed it
 */
public record RankedTasks(
        int version,
        String kind,
        Setting kernel,
        int points,
        int shifts,
        long seed,
        double lambda,
        List<Entry> tasks,
        List<Correlation> correlations,
        Map<String, String> versions) {

    static final String KIND = "tasks";

    /** The form of its file. */
    public static final Form<RankedTasks> FORM =
            Form.withNulls(TaskKernel.FILE, RankedTasks.class, 1);

    /**
     * Spearman's rank correlation.
     *
     * @param over which tasks
     * @param curves how many they are
     */
    public record Correlation(String over, int curves, double rank) {}

    /**
     * A task, or several draws of a random one.
     *
     * @param family named, or what random templates vary in: templates, tokens, wildcards, length
     * @param tasks their names
     * @param templates of each
     * @param condition λ_max / λ_min; of draws the median
     * @param needed the prediction; of draws the median
     * @param low the first quartile of draws
     * @param high the third
     * @param state what is known of the prediction
     */
    public record Entry(
            String name,
            String family,
            List<String> tasks,
            int templates,
            OptionalDouble condition,
            @JsonProperty("n_for_loss_0_1") OptionalDouble needed,
            @JsonProperty("n_for_loss_0_1_low") OptionalDouble low,
            @JsonProperty("n_for_loss_0_1_high") OptionalDouble high,
            @JsonProperty("n_for_loss_0_1_state") Finding.State state,
            List<Trained> trained) {

        /** Copies the lists. */
        public Entry {
            tasks = List.copyOf(tasks);
            trained = List.copyOf(trained);
        }
    }

    /**
     * Where a trained curve falls below 0.1.
     *
     * @param source the figure of the paper, or ours
     * @param needed none where it stays above
     * @param most the largest n that was trained
     */
    public record Trained(
            String source,
            boolean paper,
            @JsonProperty("n_for_loss_0_1") OptionalDouble needed,
            int most) {}

    /** Copies the lists. */
    public RankedTasks {
        if (!kind.equals(KIND)) {
            throw new IllegalArgumentException("kind: expected " + KIND + ", found " + kind);
        }
        tasks = List.copyOf(tasks);
        correlations = List.copyOf(correlations);
        versions = Collections.unmodifiableMap(new TreeMap<>(versions)); // in one order
    }
}
