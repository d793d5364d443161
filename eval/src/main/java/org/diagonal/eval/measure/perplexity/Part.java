package org.diagonal.eval.measure.perplexity;

/**
 * What one article, or one segment, adds to a measurement.
 *
 * @param nats Σ nats of its targets, finite
 * @param targets targets scored in it, 0 or more
 */
public record Part(double nats, long targets) {

    /** Refuses nats that are not finite and negative counts. */
    public Part {
        if (!Double.isFinite(nats) || targets < 0 || (targets == 0 && nats != 0)) {
            throw new IllegalArgumentException(
                    "a part needs finite nats of 0 or more targets: nats=%s, targets=%d"
                            .formatted(nats, targets));
        }
    }
}
