package org.diagonal.eval.bench;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.diagonal.eval.hub.Card;
import org.diagonal.eval.hub.Hub;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.source.Reporter;
import org.diagonal.eval.source.Setting;
import org.diagonal.eval.source.SettingException;
import org.diagonal.eval.source.Workplace;
import org.diagonal.eval.train.Start;
import org.diagonal.plugin.finetune.Schedule;
import org.diagonal.plugin.finetune.Stepper;
import org.diagonal.plugin.finetune.TrainingSettings;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.kernels.Precision;

/**
 * Measures training steps of random networks and, beside each, the engine's matrix products.
 *
 * @param model a name or a folder; only its architecture is used, and nothing is downloaded
 * @param arms the scalings to measure; the others are measured against the first
 * @param blockSizes tokens in a block
 * @param shorten whether longer blocks than the model's context become as long as it; otherwise
 *     they are refused
 * @param batchSize blocks in a step
 * @param steps how many are measured, after one to warm up
 * @param dropout everywhere
 * @param precision of the operands of products
 */
public record BenchJob(
        String model,
        List<Arm> arms,
        List<Integer> blockSizes,
        boolean shorten,
        int batchSize,
        int steps,
        double dropout,
        Precision precision) {

    private static final long SEED = 42;

    /** Copies the lists. */
    public BenchJob {
        arms = List.copyOf(arms);
        blockSizes = List.copyOf(blockSizes);
    }

    /**
     * Measures every arm at every block size.
     *
     * @throws IllegalArgumentException if a block is longer than the model's context
     */
    public BenchResult run(Workplace place) throws IOException {
        Gpt2Config config = architecture(place.hub(), model).withDropout(dropout);
        List<Integer> lengths = lengths(config.nPositions());
        List<BenchResult.Row> rows = new ArrayList<>();
        ProductRates rates = rates(place);
        boolean peakIsOwn = true;
        long total = (long) lengths.size() * arms.size() * (steps + 1);
        try (Reporter.Task task = place.reporter().begin("Measuring", total)) {
            for (int blockSize : lengths) {
                for (Arm arm : arms) {
                    peakIsOwn &= Machine.resetPeak();
                    rows.add(measure(place, config, arm, blockSize, task, rows.size()));
                }
            }
        }
        return new BenchResult(
                BenchSubject.of(model, config),
                batchSize,
                steps,
                rows,
                precision,
                rates,
                peakIsOwn,
                Machine.cpu(),
                place.versions());
    }

    private List<Integer> lengths(int context) {
        if (shorten) {
            return blockSizes.stream().map(size -> Math.min(size, context)).distinct().toList();
        }
        for (int size : blockSizes) {
            if (size < 2 || size > context) {
                throw new SettingException(
                        "block size must be from 2 to the model's n_positions: block_size=%d, n_positions=%d"
                                .formatted(size, context),
                        Setting.BLOCK_SIZE);
            }
        }
        return blockSizes;
    }

    /** A model's sizes, without scalings; those of a published one are known without its files. */
    static Gpt2Config architecture(Hub hub, String model) throws IOException {
        Optional<PublishedSize> published =
                hub.cards().find(Card.Kind.MODEL, model).map(Card::name).flatMap(PublishedSize::of);
        if (published.isPresent() && !Files.exists(Path.of(model))) {
            return published.get().config();
        }
        return ModelSource.resolve(hub, model, Optional.empty())
                .config()
                .withScalings(IdentityScalings.NONE);
    }

    static ProductRates rates(Workplace place) {
        try (NDManager manager = place.manager()) {
            return ProductRates.measure(manager);
        }
    }

    private BenchResult.Row measure(
            Workplace place,
            Gpt2Config plain,
            Arm arm,
            int blockSize,
            Reporter.Task task,
            int before)
            throws IOException {
        Gpt2Config config = plain.withScalings(IdentityScalings.of(arm, true));
        List<Double> seconds = new ArrayList<>();
        List<Double> optimizer = new ArrayList<>();
        List<Double> products = new ArrayList<>();
        try (NDManager manager = place.manager()) {
            Gpt2 network =
                    Start.fresh(config, Optional.empty(), Optional.empty())
                            .network(config, SEED, manager);
            RandomIds ids = new RandomIds((steps + 1) * batchSize, blockSize, config.vocabSize());
            try (Stepper stepper = new Stepper(network, ids, settings())) {
                step(stepper, 0);
                products.add(GemmRate.measure(manager, precision));
                for (int i = 1; i <= steps; i++) {
                    Stepper.Outcome outcome = step(stepper, i);
                    seconds.add(outcome.seconds());
                    optimizer.add(outcome.optimizerSeconds());
                    products.add(GemmRate.measure(manager, precision));
                    task.step(before * (steps + 1L) + i + 1, message(arm, blockSize, outcome));
                }
                return new BenchResult.Row(
                        arm,
                        blockSize,
                        seconds,
                        optimizer,
                        StepFlops.of(config, batchSize, blockSize),
                        products,
                        Machine.peakResident());
            }
        }
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

    /** The defaults of fine-tuning, so that a step does all that a user's does. */
    private TrainingSettings settings() {
        return TrainingSettings.DEFAULTS
                .withBatchSize(batchSize)
                .withMaxSteps(steps + 1)
                .withSchedule(Schedule.CONSTANT)
                .withSeed(SEED)
                .withShuffle(false)
                .withPrecision(precision);
    }
}
