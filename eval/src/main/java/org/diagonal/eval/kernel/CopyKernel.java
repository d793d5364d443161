package org.diagonal.eval.kernel;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.diagonal.eval.record.Form;

/**
 * {@code kernel.json} of copying: rates at the start of training, and the share of training's
 * progress that reaches unseen symbols.
 *
 * @param kind {@value #KIND}
 * @param gamma the size of the positional embedding
 * @param tokens m, all tokens
 * @param networks random networks that rates are means of
 * @param rates by width and n
 * @param shares n / (n + d)
 * @param curves of trained networks
 * @param halves where those curves cross an error of a half
 * @param versions what computed it
 */
public record CopyKernel(
        int version,
        String kind,
        TaskKernel.TaskName task,
        double gamma,
        int tokens,
        int networks,
        long seed,
        List<Rate> rates,
        List<Share> shares,
        List<TrainedCurve> curves,
        List<Half> halves,
        Map<String, String> versions) {

    static final String KIND = "copying";

    /** The form of its file. */
    public static final Form<CopyKernel> FORM =
            Form.withNulls(TaskKernel.FILE, CopyKernel.class, 1);

    /** Changes of the loss per unit of time at learning rate 1. */
    public record Rate(
            int width,
            int n,
            @JsonProperty("seen_M") double seen,
            @JsonProperty("seen_M_theory") double seenTheory,
            @JsonProperty("unseen_M") double unseen,
            @JsonProperty("unseen_M_se") double unseenError,
            @JsonProperty("unseen_M_theory") double unseenTheory,
            double seenB,
            double unseenB,
            double bTheory) {}

    /** The share of training's progress that reaches an unseen symbol. */
    public record Share(int width, int n, double share) {}

    /** Where a curve of errors crosses a half; none where it stays above. */
    public record Half(String curve, int width, OptionalDouble n, OptionalDouble perWidth) {}

    /** Copies the lists. */
    public CopyKernel {
        if (!kind.equals(KIND)) {
            throw new IllegalArgumentException("kind: expected " + KIND + ", found " + kind);
        }
        rates = List.copyOf(rates);
        shares = List.copyOf(shares);
        curves = List.copyOf(curves);
        halves = List.copyOf(halves);
        versions = Collections.unmodifiableMap(new TreeMap<>(versions)); // in one order
    }
}
