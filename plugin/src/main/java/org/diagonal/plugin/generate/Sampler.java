package org.diagonal.plugin.generate;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.diagonal.plugin.random.RandomStream;

/**
 * Chooses ids by their logits, in double precision. Of ids that are equally likely the lowest comes
 * first, so that every choice is the same on every machine that has the same logits.
 */
public final class Sampler {

    private final Sampling sampling;
    private final UniformRandomProvider random;

    /** A sampler at the start of its seed's draws. */
    public Sampler(Sampling sampling) {
        this.sampling = sampling;
        this.random = RandomStream.GENERATION.generator(sampling.seed());
    }

    /**
     * The next id.
     *
     * @param logits (V), at least one
     * @throws IllegalStateException if one is NaN or infinite
     */
    public int choose(float[] logits) {
        requireFinite(logits);
        if (sampling.isGreedy()) {
            return mostLikely(logits);
        }
        int[] ids = candidates(logits);
        return ids[draw(weights(logits, ids))];
    }

    /** The ids that may be drawn, the most likely first. */
    int[] candidates(float[] logits) {
        int[] ids = ranked(logits);
        int kept = Math.min(sampling.topK().orElse(ids.length), ids.length);
        if (sampling.topP() < 1) {
            double[] weights = weights(logits, Arrays.copyOf(ids, kept));
            double enough = sampling.topP() * sum(weights);
            double sum = weights[0];
            for (kept = 1; sum < enough; kept++) {
                sum += weights[kept];
            }
        }
        return Arrays.copyOf(ids, kept);
    }

    private static void requireFinite(float[] logits) {
        for (int id = 0; id < logits.length; id++) {
            if (!Float.isFinite(logits[id])) {
                throw new IllegalStateException(
                        "the model's logits are not finite: %s for id %d"
                                .formatted(logits[id], id));
            }
        }
    }

    private static int mostLikely(float[] logits) {
        int best = 0;
        for (int id = 1; id < logits.length; id++) {
            if (logits[id] > logits[best]) {
                best = id;
            }
        }
        return best;
    }

    /** All ids by falling logit, then rising id. */
    private static int[] ranked(float[] logits) {
        long[] keys = new long[logits.length];
        for (int id = 0; id < keys.length; id++) {
            int bits = Float.floatToIntBits(logits[id] + 0f); // no zero is negative then
            int rising = bits ^ ((bits >> 31) & Integer.MAX_VALUE); // ordered as the floats are
            keys[id] = ((long) ~rising << Integer.SIZE) | id;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    /** Probabilities but for a common factor. */
    private double[] weights(float[] logits, int[] ids) {
        double[] weights = new double[ids.length];
        for (int i = 0; i < ids.length; i++) {
            double below = (double) logits[ids[i]] - logits[ids[0]]; // the first is the largest
            weights[i] = Math.exp(below / sampling.temperature());
        }
        return weights;
    }

    private static double sum(double[] weights) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        return sum;
    }

    private int draw(double[] weights) {
        double point = random.nextDouble() * sum(weights); // below the sum: some index is found
        double sum = 0;
        for (int i = 0; i < weights.length - 1; i++) {
            sum += weights[i];
            if (point < sum) {
                return i;
            }
        }
        return weights.length - 1;
    }
}
