package org.diagonal.plugin.finetune;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.diagonal.plugin.network.Network;
import org.diagonal.plugin.random.RandomStream;

/**
 * The optimizer steps of a training: forward, backward, clip, update. It evaluates nothing and
 * writes nothing.
 *
 * <p>What a step does depends on its number, the settings and the parameters alone. It owns the
 * optimizer's moments, which {@link #close} frees.
 */
public final class Stepper implements AutoCloseable {

    /**
     * What one step did.
     *
     * @param loss per target before the update
     * @param gradNorm global norm of the gradients before clipping
     * @param lr learning rate of the weights
     * @param tokens input ids seen
     * @param seconds all of the step
     * @param optimizerSeconds of these, between the last backward pass and the zeroing of the
     *     gradients: norm, clipping, AdamW
     */
    public record Outcome(
            double loss,
            double gradNorm,
            double lr,
            long tokens,
            double seconds,
            double optimizerSeconds) {

        /** Whether the step moved the parameters; it does not where loss or gradients overflow. */
        public boolean finite() {
            return Double.isFinite(loss) && Double.isFinite(gradNorm);
        }
    }

    private final Network network;
    private final Examples train;
    private final TrainingSettings settings;
    private final BatchOrder order;
    private final ParameterStore store;
    private final AdamW optimizer;

    /**
     * Steps that have not begun; freezes the parameters that shall not move.
     *
     * @throws IllegalArgumentException if nothing would move
     */
    public Stepper(Network network, Examples train, TrainingSettings settings) {
        this.network = network;
        this.train = train;
        this.settings = settings;
        this.order = new BatchOrder(settings, train.count());
        Map<String, Parameter> moving = FineTuner.trainable(network, settings.trained());
        if (moving.isEmpty()) {
            throw new IllegalArgumentException(
                    "trained=SCALINGS needs scalings: this network has none");
        }
        network.parameters()
                .forEach((name, parameter) -> parameter.freeze(!moving.containsKey(name)));
        NDManager owner = network.owner();
        this.store = new ParameterStore(owner, false);
        this.optimizer = new AdamW(owner, moving, network.scalings(), settings.weightDecay());
    }

    AdamW optimizer() {
        return optimizer;
    }

    /**
     * Does one step.
     *
     * @param done steps done before it, which decides its batches, its dropout and its learning
     *     rate
     */
    public Outcome step(long done) {
        long begin = System.nanoTime();
        List<int[]> batches = order.batches(done);
        long targets = 0;
        long seen = 0;
        for (int[] batch : batches) {
            targets += IntStream.of(batch).mapToLong(train::targets).sum();
            seen += IntStream.of(batch).mapToLong(train::length).sum();
        }
        network.prepare(settings.precision());
        network.clearGradients();
        double sum = 0;
        for (int i = 0; i < batches.size(); i++) {
            sum +=
                    backward(
                            batches.get(i),
                            targets,
                            RandomStream.DROPOUT.engineSeed(settings.seed(), done, i));
        }
        long backward = System.nanoTime();
        double loss = sum / targets;
        double norm = optimizer.gradientNorm();
        double factor = settings.schedule().factor(done, settings.warmup(), settings.maxSteps());
        if (Double.isFinite(loss) && Double.isFinite(norm)) {
            boolean clips = settings.clip() > 0 && norm > settings.clip();
            optimizer.update(
                    settings.lr() * factor,
                    settings.scalingsLr() * factor,
                    clips ? (norm + 1e-6) / settings.clip() : 1);
        }
        long updated = System.nanoTime();
        long end = System.nanoTime();
        return new Outcome(
                loss,
                norm,
                settings.lr() * factor,
                seen,
                (end - begin) / 1e9,
                (updated - backward) / 1e9);
    }

    /** Adds a batch's share of the gradients; the result is the sum of its losses. */
    private double backward(int[] batch, long targets, int seed) {
        // A resumed run draws the same dropout: the seed is a function of the step.
        Engine.getEngine("PyTorch").setRandomSeed(seed);
        try (NDManager step = store.getManager().newSubManager();
                GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            NDList arrays = train.batch(step, batch);
            return network.backward(store, collector, arrays.get(0), arrays.get(1), 1.0 / targets);
        }
    }

    @Override
    public void close() {
        optimizer.close();
    }
}
