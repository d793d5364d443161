package org.diagonal.eval.kernel;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.diagonal.eval.kernel.math.Finding;
import org.diagonal.eval.kernel.math.Setting;
import org.diagonal.eval.record.Form;

/**
 * {@code kernel.json} of a task with real labels. What the points do not resolve is null, never a
 * number. The matrices, eigenvalues and losses at the top are those of the first a; {@code sweep}
 * has a summary for every a.
 *
 * @param version of the file's form
 * @param kind {@value #KIND}
 * @param task what was computed
 * @param kernel which kernel; its a is the first of the sweep
 * @param points of the lattice in each shift
 * @param shifts of the lattice
 * @param seed of the shifts and the samples
 * @param lambda the ridge
 * @param trials draws of samples
 * @param alphabet symbols to draw from; as many as samples where empty
 * @param templates of the task
 * @param matrix N, the kernel of strings without a symbol in common, by templates
 * @param matrixError standard errors of N
 * @param matrixAttention K_attn of the same strings
 * @param eigenvalues of N, ascending
 * @param lambdaMin the smallest; 0 where N is singular
 * @param lambdaMinError its standard error
 * @param lambdaMax the largest
 * @param resolved whether {@code lambda_min} exceeds three of its errors
 * @param singular two templates that this kernel cannot tell apart; none where it can
 * @param condition λ_max / λ_min
 * @param self K(x, x) by template
 * @param selfAttention K_attn(x, x) by template
 * @param d K(x, x) less N's diagonal, by template
 * @param signal yᵀ N⁻¹ y
 * @param needed samples after which the closed form's loss is 0.1
 * @param neededError its standard error
 * @param neededState what is known of it
 * @param curve losses by samples
 * @param mlp the kernel of an MLP
 * @param mlpXxt the kernel of an MLP that is given X Xᵀ
 * @param sweep every a
 * @param trained curves of trained networks
 * @param finiteWidth errors of random networks' kernels
 * @param sample the kernel of drawn samples
 * @param versions what computed it
 */
public record TaskKernel(
        int version,
        String kind,
        TaskName task,
        Setting kernel,
        int points,
        int shifts,
        long seed,
        double lambda,
        int trials,
        OptionalInt alphabet,
        List<TemplateLine> templates,
        @JsonProperty("N") List<List<Double>> matrix,
        @JsonProperty("N_error") List<List<Double>> matrixError,
        @JsonProperty("N_attention") List<List<Double>> matrixAttention,
        List<OptionalDouble> eigenvalues,
        OptionalDouble lambdaMin,
        OptionalDouble lambdaMinError,
        double lambdaMax,
        boolean resolved,
        Optional<List<String>> singular,
        OptionalDouble condition,
        List<Double> self,
        List<Double> selfAttention,
        List<Double> d,
        OptionalDouble signal,
        @JsonProperty("n_for_loss_0_1") OptionalDouble needed,
        @JsonProperty("n_for_loss_0_1_error") OptionalDouble neededError,
        @JsonProperty("n_for_loss_0_1_state") Finding.State neededState,
        List<Point> curve,
        Contrast mlp,
        Contrast mlpXxt,
        List<Summary> sweep,
        List<TrainedCurve> trained,
        List<Width> finiteWidth,
        Optional<SampleMatrix> sample,
        Map<String, String> versions) {

    /** The file's name. */
    public static final String FILE = "kernel.json";

    /** Its form; those of copying and of all tasks have the same name. */
    public static final Form<TaskKernel> FORM = Form.withNulls(FILE, TaskKernel.class, 1);

    /** The loss that counts as learned. */
    public static final double LEVEL = 0.1;

    static final String KIND = "task";

    /** A task by its name and what it draws. */
    public record TaskName(String name, String sha256) {}

    /** A template with its label. */
    public record TemplateLine(String template, double label, double probability) {}

    /**
     * A loss on unseen symbols.
     *
     * @param alphabet symbols that samples were drawn from
     * @param loss mean over the trials of ridge regression on drawn samples
     * @param se its standard error; none for a single trial
     * @param closedForm the loss where no two samples share a symbol
     */
    public record Point(
            int n,
            int alphabet,
            OptionalDouble loss,
            OptionalDouble se,
            OptionalDouble closedForm) {}

    /** A kernel without sampling error, for contrast. */
    public record Contrast(
            @JsonProperty("N") List<List<Double>> matrix,
            List<Double> eigenvalues,
            boolean singular,
            @JsonProperty("n_for_loss_0_1") OptionalDouble needed,
            @JsonProperty("n_for_loss_0_1_state") Finding.State neededState,
            List<Point> curve) {

        /** Copies the lists. */
        public Contrast {
            matrix = copy(matrix);
            eigenvalues = List.copyOf(eigenvalues);
            curve = List.copyOf(curve);
        }
    }

    /** What one a gives. */
    public record Summary(
            double a,
            OptionalDouble lambdaMin,
            OptionalDouble lambdaMinError,
            double lambdaMax,
            OptionalDouble condition,
            List<Double> d,
            @JsonProperty("n_for_loss_0_1") OptionalDouble needed,
            @JsonProperty("n_for_loss_0_1_error") OptionalDouble neededError,
            @JsonProperty("n_for_loss_0_1_state") Finding.State neededState,
            List<Point> curve) {

        /** Copies the lists. */
        public Summary {
            d = List.copyOf(d);
            curve = List.copyOf(curve);
        }
    }

    /** How far random networks of a width are from the kernel: root mean squares over pairs. */
    public record Width(
            int width,
            int networks,
            @JsonProperty("rms_K_attention") double attention,
            @JsonProperty("rms_K") double kernel,
            @JsonProperty("rms_of_mean_K") double ofMean) {}

    /**
     * K̂ of drawn samples, sorted by template, to six decimals.
     *
     * @param rows from each row's diagonal on
     */
    public record SampleMatrix(int n, int alphabet, List<List<Double>> rows) {

        /** Copies the rows. */
        public SampleMatrix {
            rows = copy(rows);
        }
    }

    /** Copies the lists and refuses what does not fit together. */
    public TaskKernel {
        if (!kind.equals(KIND)) {
            throw new IllegalArgumentException("kind: expected " + KIND + ", found " + kind);
        }
        templates = List.copyOf(templates);
        matrix = copy(matrix);
        matrixError = copy(matrixError);
        matrixAttention = copy(matrixAttention);
        eigenvalues = List.copyOf(eigenvalues);
        singular = singular.map(List::copyOf);
        self = List.copyOf(self);
        selfAttention = List.copyOf(selfAttention);
        d = List.copyOf(d);
        curve = List.copyOf(curve);
        sweep = List.copyOf(sweep);
        trained = List.copyOf(trained);
        finiteWidth = List.copyOf(finiteWidth);
        versions = Collections.unmodifiableMap(new TreeMap<>(versions)); // in one order
        int r = templates.size();
        if (matrix.size() != r || eigenvalues.size() != r || sweep.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected N and eigenvalues of %d templates and a sweep, found %d, %d, %d"
                            .formatted(r, matrix.size(), eigenvalues.size(), sweep.size()));
        }
    }

    static List<List<Double>> copy(List<List<Double>> rows) {
        return rows.stream().map(List::copyOf).toList();
    }
}
