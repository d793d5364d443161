package org.diagonal.plugin.finetune;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.diagonal.plugin.random.RandomStream;

/**
 * Which examples each step sees: a function of the seed and the step alone, so that a resumed
 * training sees what an uninterrupted one does.
 */
final class BatchOrder {

    private final TrainingSettings settings;
    private final int examples;
    private final long stepsPerEpoch;
    private long epoch = -1;
    private int[] order = {};

    BatchOrder(TrainingSettings settings, int examples) {
        this.settings = settings;
        this.examples = examples;
        this.stepsPerEpoch = settings.stepsPerEpoch(examples);
    }

    /** The batches of a step, counted from 0, in the order of their forward passes. */
    List<int[]> batches(long step) {
        seek(step / stepsPerEpoch);
        long perStep = (long) settings.batchSize() * settings.accumulate();
        long begin = step % stepsPerEpoch * perStep;
        long end = Math.min(begin + perStep, examples);
        List<int[]> batches = new ArrayList<>();
        for (long from = begin; from < end; from += settings.batchSize()) {
            long to = Math.min(from + settings.batchSize(), end);
            batches.add(Arrays.copyOfRange(order, (int) from, (int) to));
        }
        return batches;
    }

    private void seek(long wanted) {
        if (wanted == epoch) {
            return;
        }
        order = IntStream.range(0, examples).toArray();
        if (settings.shuffle()) {
            PermutationSampler.shuffle(
                    RandomStream.DATA_ORDER.generator(settings.seed(), wanted), order);
        }
        epoch = wanted;
    }
}
