package org.diagonal.plugin.generate;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

/**
 * How the next id is chosen. The cuts apply one after the other, as in Hugging Face's generation:
 * temperature, then top-k, then top-p of what is left.
 *
 * @param temperature divisor of the logits; 0 takes the most likely id, whatever the rest says
 * @param topK how many of the most likely ids may be drawn; empty for all
 * @param topP only the fewest most likely ids are drawn that have this probability together; 1 for
 *     all
 * @param seed of the draws
 */
@API(status = Status.MAINTAINED, since = "0.1.0")
public record Sampling(double temperature, OptionalInt topK, double topP, long seed) {

    /** Always the most likely id. */
    public static final Sampling GREEDY = new Sampling(0, OptionalInt.empty(), 1, 0);

    /**
     * What was asked for: greedy where nothing was, and a temperature of 1 where only cuts were.
     *
     * @throws IllegalArgumentException naming the number that lies outside
     */
    public static Sampling of(
            OptionalDouble temperature, OptionalInt topK, OptionalDouble topP, long seed) {
        boolean draws = temperature.isPresent() || topK.isPresent() || topP.isPresent();
        return new Sampling(temperature.orElse(draws ? 1 : 0), topK, topP.orElse(1), seed);
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the number that lies outside
     */
    public Sampling {
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException("temperature must be 0 or more: " + temperature);
        }
        if (topK.isPresent() && topK.getAsInt() < 1) {
            throw new IllegalArgumentException("topK must be 1 or more: " + topK.getAsInt());
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("topP must lie above 0 and up to 1: " + topP);
        }
    }

    /** Whether nothing is drawn. */
    public boolean isGreedy() {
        return temperature == 0;
    }
}
