package org.diagonal.eval.bench;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.diagonal.eval.source.Reporter;
import org.diagonal.eval.source.Workplace;
import org.diagonal.plugin.finetune.ArrayExamples;
import org.diagonal.plugin.finetune.Examples;
import org.diagonal.plugin.finetune.Schedule;
import org.diagonal.plugin.finetune.Stepper;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.small.SmallNetwork;
import org.diagonal.plugin.small.TemplateTransformer;

/**
 * Measures training steps of the paper's template transformer and, beside each, the engine's matrix
 * products.
 *
 * @param arms the scalings to measure; the others are measured against the first
 * @param batchSize samples in a step
 * @param steps how many are measured, after one to warm up
 * @param precision of the operands of products
 */
public record TransformerBenchJob(List<Arm> arms, int batchSize, int steps, Precision precision) {

    private static final int STRING = 3;

    /** Symbols that no training sees: two alphabets of 100. */
    private static final int UNSEEN = 200;

    private static final long SEED = 42;

    /** Copies the arms. */
    public TransformerBenchJob {
        arms = List.copyOf(arms);
    }

    /** Measures every arm. */
    public BenchResult run(Workplace place) throws IOException {
        List<BenchResult.Row> rows = new ArrayList<>();
        ProductRates rates = BenchJob.rates(place);
        boolean peakIsOwn = true;
        try (Reporter.Task task =
                place.reporter().begin("Measuring", (long) arms.size() * (steps + 1))) {
            for (Arm arm : arms) {
                peakIsOwn &= Machine.resetPeak();
                rows.add(measure(place, arm, task, rows.size()));
            }
        }
        return new BenchResult(
                BenchSubject.of(network(Arm.NONE)),
                batchSize,
                steps,
                rows,
                precision,
                rates,
                peakIsOwn,
                Machine.cpu(),
                place.versions());
    }

    private TemplateTransformer network(Arm arm) {
        return TemplateTransformer.base(
                STRING, batchSize + UNSEEN, 1, IdentityScalings.of(arm, false));
    }

    private BenchResult.Row measure(Workplace place, Arm arm, Reporter.Task task, int before) {
        List<Double> seconds = new ArrayList<>();
        List<Double> optimizer = new ArrayList<>();
        List<Double> products = new ArrayList<>();
        try (NDManager manager = place.manager()) {
            SmallNetwork network = SmallNetwork.fresh(network(arm), SEED, manager);
            try (Stepper stepper = new Stepper(network, examples(manager), settings())) {
                stepper.step(0);
                products.add(GemmRate.measure(manager, precision));
                for (int i = 1; i <= steps; i++) {
                    Stepper.Outcome outcome = stepper.step(i);
                    seconds.add(outcome.seconds());
                    optimizer.add(outcome.optimizerSeconds());
                    products.add(GemmRate.measure(manager, precision));
                    task.step(
                            before * (steps + 1L) + i + 1,
                            String.format(
                                    Locale.ROOT,
                                    "%s, %,.0f samples/s",
                                    arm,
                                    batchSize / outcome.seconds()));
                }
            }
        }
        return new BenchResult.Row(
                arm,
                STRING,
                seconds,
                optimizer,
                6.0 * multiplications(network(arm)) * batchSize,
                products,
                Machine.peakResident());
    }

    /** Of one sample, forward: of the last layer what the read-out position needs. */
    private static double multiplications(TemplateTransformer network) {
        double positions = network.contextLength() + 1.0;
        double projection = (double) network.dim() * network.heads() * network.dimHead();
        double mlp = 2.0 * network.dim() * network.mlpDim();
        double whole = positions * (4 * projection + mlp);
        double last = positions * 2 * projection + 2 * projection + mlp;
        return (network.depth() - 1) * whole + last;
    }

    private Examples examples(NDManager manager) {
        RandomIds ids = new RandomIds(batchSize, STRING, batchSize);
        long[][] rows = new long[batchSize][];
        float[] labels = new float[batchSize];
        for (int i = 0; i < batchSize; i++) {
            rows[i] = ids.row(i);
            labels[i] = i % 2 == 0 ? 1 : -1;
        }
        return ArrayExamples.of(manager, rows, labels);
    }

    /** Adam as the paper's trials have it. */
    private TrainingSettings settings() {
        return TrainingSettings.DEFAULTS
                .withBatchSize(batchSize)
                .withMaxSteps(steps + 1)
                .withLr(1e-3)
                .withScalingsLr(1e-3)
                .withSchedule(Schedule.CONSTANT)
                .withWeightDecay(0)
                .withClip(0)
                .withSeed(SEED)
                .withShuffle(false)
                .withPrecision(precision);
    }
}
