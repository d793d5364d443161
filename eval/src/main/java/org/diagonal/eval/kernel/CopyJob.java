package org.diagonal.eval.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.diagonal.eval.kernel.CopyKernel.Half;
import org.diagonal.eval.kernel.CopyKernel.Rate;
import org.diagonal.eval.kernel.CopyKernel.Share;
import org.diagonal.eval.kernel.math.CopyRates;
import org.diagonal.eval.kernel.numeric.Workers;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.templates.task.Task;
import org.diagonal.templates.template.Wildcard;

/**
 * Computes the rates of copying (Section 5).
 *
 * @param task copying, and what it draws
 * @param widths d, embeddings' widths
 * @param n trained tokens, for shares
 * @param rateN trained tokens, for rates: fewer than {@code tokens}
 * @param tokens m, all tokens
 * @param gamma the size of the positional embedding
 * @param networks random networks, at least two
 * @param curves of trained networks
 * @param versions what computes
 */
public record CopyJob(
        TaskKernel.TaskName task,
        List<Integer> widths,
        List<Integer> n,
        List<Integer> rateN,
        int tokens,
        double gamma,
        int networks,
        long seed,
        List<TrainedCurve> curves,
        Map<String, String> versions) {

    private static final double HALF = 0.5;

    /** Copies the lists. */
    public CopyJob {
        widths = widths.stream().sorted().toList();
        n = n.stream().sorted().toList();
        rateN = rateN.stream().sorted().toList();
        for (int trained : rateN) {
            if (trained >= tokens) {
                throw new IllegalArgumentException(
                        "the alphabet must have more tokens than are trained on: alphabet=%d, n=%d"
                                .formatted(tokens, trained));
            }
        }
    }

    /** Whether a task is to copy a string of one symbol. */
    public static boolean isCopying(Task task) {
        return task.templates().size() == 1
                && task.length() == 1
                && task.templates().get(0).label() instanceof Wildcard;
    }

    /** Computes all of it. */
    public CopyKernel run(Workers workers) {
        List<Rate> rates = new ArrayList<>();
        List<Share> shares = new ArrayList<>();
        for (int width : widths) {
            for (int trained : rateN) {
                rates.add(
                        rate(
                                CopyRates.measure(
                                        width, tokens, trained, gamma, networks, seed, workers)));
            }
            for (int trained : n) {
                shares.add(new Share(width, trained, CopyRates.share(trained, width)));
            }
        }
        List<TrainedCurve> plain =
                curves.stream()
                        .filter(curve -> curve.arm().equals(Arm.NONE) && curve.width().isPresent())
                        .toList();
        return new CopyKernel(
                CopyKernel.FORM.version(),
                CopyKernel.KIND,
                task,
                gamma,
                tokens,
                networks,
                seed,
                rates,
                shares,
                plain,
                plain.stream().map(CopyJob::half).toList(),
                versions);
    }

    private static Rate rate(CopyRates found) {
        return new Rate(
                found.width(),
                found.trained(),
                found.seen(),
                found.seenInTheory(),
                found.unseen(),
                found.unseenError(),
                found.unseenInTheory(),
                found.seenWithB(),
                found.unseenWithB(),
                found.withBInTheory());
    }

    private static Half half(TrainedCurve curve) {
        OptionalDouble crossing = curve.crossing(HALF);
        int width = curve.width().orElseThrow();
        OptionalDouble perWidth =
                crossing.isPresent()
                        ? OptionalDouble.of(crossing.getAsDouble() / width)
                        : OptionalDouble.empty();
        return new Half(curve.label(), width, crossing, perWidth);
    }
}
