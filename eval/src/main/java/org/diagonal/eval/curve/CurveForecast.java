package org.diagonal.eval.curve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.diagonal.eval.source.Room;
import org.diagonal.eval.trial.Trial;
import org.diagonal.eval.trial.TrialResult;
import org.diagonal.eval.trial.TrialRunner;
import org.diagonal.plugin.identity.Arm;

/**
 * What a curve will take, before it is begun.
 *
 * @param trials trainings of all points
 * @param steps optimizer steps in all trials together
 * @param stepSeconds of one with the most samples, evaluation after the epoch included
 * @param seconds of all trials, one after another; less where small n have faster steps
 * @param memory bytes, the most that the process has held in the measured trial
 * @param memoryFree bytes that the machine has left beside that
 * @param disk bytes of all files, about
 * @param diskFree bytes that may still be written there
 */
public record CurveForecast(
        long trials,
        long steps,
        double stepSeconds,
        double seconds,
        OptionalLong memory,
        OptionalLong memoryFree,
        long disk,
        long diskFree) {

    private static final int SHORT = 2;
    private static final int LONG = 12;

    /** A trial's file holds its settings and the answers to its strings. */
    private static final long TRIAL_BYTES = 10_000;

    private static final long PAGE_BYTES = 200_000;

    /**
     * Trains one trial for a few epochs, twice, and reckons from the difference.
     *
     * @param runner trains it in memory
     * @param out where the curve would go
     * @throws IOException if a model cannot be read
     */
    public static CurveForecast measure(CurvePlan plan, TrialRunner runner, Path out)
            throws IOException {
        Trial largest = largest(plan);
        epochs(largest, 1, runner); // loads what every trial shares
        double few = epochs(largest, SHORT, runner);
        double more = epochs(largest, LONG, runner);
        double epoch = Math.max(0, more - few) / (LONG - SHORT);
        double once = Math.max(0, few - SHORT * epoch);
        double step = epoch / largest.stepsPerEpoch();
        long steps = plan.all().stream().mapToLong(CurveForecast::steps).sum();
        long trials = plan.all().size();
        return new CurveForecast(
                trials,
                steps,
                step,
                trials * once + steps * step,
                Room.peak(),
                Room.memory(),
                trials * TRIAL_BYTES + PAGE_BYTES,
                Room.disk(out));
    }

    private static Trial largest(CurvePlan plan) {
        return plan.trial(Arm.costliest(plan.arms()), plan.n().get(plan.n().size() - 1), 0);
    }

    /** Optimizer steps of a trial. */
    private static long steps(Trial trial) {
        return (long) trial.training().epochs() * trial.stepsPerEpoch();
    }

    private static double epochs(Trial trial, int epochs, TrialRunner runner) throws IOException {
        Optional<TrialResult> result = runner.run(trial.withEpochs(epochs), () -> false);
        return result.map(TrialResult::seconds).orElse(0.0);
    }
}
