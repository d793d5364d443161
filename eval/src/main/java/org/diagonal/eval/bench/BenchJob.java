package org.diagonal.eval.bench;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.diagonal.eval.source.Reporter;
import org.diagonal.eval.source.Room;
import org.diagonal.eval.source.Workplace;
import org.diagonal.plugin.finetune.Schedule;
import org.diagonal.plugin.finetune.Stepper;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.kernels.Products;

/**
 * Measures training steps of random networks and, beside each, the engine's matrix products.
 *
 * @param subject what is trained
 * @param arms the scalings to measure; the others are measured against the first
 * @param batchSize blocks, or samples, in a step
 * @param steps how many are measured, after one to warm up
 * @param precision of the operands of products
 */
public record BenchJob(
        BenchSubject subject, List<Arm> arms, int batchSize, int steps, Precision precision) {

    /** Copies the arms. */
    public BenchJob {
        arms = List.copyOf(arms);
    }

    /** Measures every arm at every block size. */
    public StepBench run(Workplace place) throws IOException {
        ProductRates rates;
        try (NDManager manager = place.manager()) {
            rates = ProductRates.measure(manager);
        }
        List<Integer> lengths = subject.blockSizes();
        List<StepBench.Configuration> rows = new ArrayList<>();
        boolean peakIsOwn = true;
        long total = (long) lengths.size() * arms.size() * (steps + 1);
        try (Reporter.Task task = place.reporter().begin("Measuring", total)) {
            for (int length : lengths) {
                List<StepBench.Timings> ofLength = new ArrayList<>();
                for (Arm arm : arms) {
                    peakIsOwn &= Machine.resetPeak();
                    ofLength.add(measure(place, arm, length, task, rows.size()));
                    rows.add(
                            ofLength.get(ofLength.size() - 1)
                                    .configuration(
                                            batchSize, subject.readsSamples(), ofLength.get(0)));
                }
            }
        }
        return new StepBench(
                StepBench.FORM.version(),
                subject.model(),
                subject.sizes(),
                subject.formula(),
                precision,
                rates,
                Products.ofProcess(),
                (precision == Precision.F32 ? "float32 " : "bfloat16 ") + GemmRate.PRODUCT,
                batchSize,
                steps,
                rows,
                peakIsOwn ? "configuration" : "process so far",
                Machine.cpu(),
                new TreeMap<>(place.versions()));
    }

    private StepBench.Timings measure(
            Workplace place, Arm arm, int blockSize, Reporter.Task task, int before)
            throws IOException {
        List<Double> seconds = new ArrayList<>();
        List<Double> optimizer = new ArrayList<>();
        List<Double> products = new ArrayList<>();
        try (NDManager manager = place.manager();
                Stepper stepper =
                        new Stepper(
                                subject.network(arm, manager),
                                subject.examples((steps + 1) * batchSize, blockSize, manager),
                                settings())) {
            step(stepper, 0);
            products.add(GemmRate.measure(manager, precision));
            for (int i = 1; i <= steps; i++) {
                Stepper.Outcome outcome = step(stepper, i);
                seconds.add(outcome.seconds());
                optimizer.add(outcome.optimizerSeconds());
                products.add(GemmRate.measure(manager, precision));
                task.step(before * (steps + 1L) + i + 1, message(arm, blockSize, outcome));
            }
        }
        return new StepBench.Timings(
                arm,
                blockSize,
                seconds,
                optimizer,
                subject.flops(batchSize, blockSize),
                products,
                Room.peak());
    }

    private static Stepper.Outcome step(Stepper stepper, int number) {
        Stepper.Outcome outcome = stepper.step(number);
        if (!outcome.finite()) { // it did not do all of its work
            throw new IllegalStateException("the loss of a measured step is not finite");
        }
        return outcome;
    }

    private static String message(Arm arm, int blockSize, Stepper.Outcome outcome) {
        return String.format(
                Locale.ROOT,
                "%s, %d tokens, %.0f tokens/s",
                arm,
                blockSize,
                outcome.tokens() / outcome.seconds());
    }

    private TrainingSettings settings() {
        return subject.settings()
                .withBatchSize(batchSize)
                .withMaxSteps(steps + 1)
                .withSchedule(Schedule.CONSTANT)
                .withSeed(BenchSubject.SEED)
                .withShuffle(false)
                .withPrecision(precision);
    }
}
