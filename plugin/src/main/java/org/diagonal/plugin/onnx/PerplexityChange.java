package org.diagonal.plugin.onnx;

/**
 * What a form of the file does to perplexity.
 *
 * @param data the text, and how it was measured
 * @param perplexity of the file in ONNX Runtime
 * @param reference of the network in DJL, float32
 */
public record PerplexityChange(String data, double perplexity, double reference) {

    /** Checks that both are numbers. */
    public PerplexityChange {
        if (!(perplexity > 0 && reference > 0)) {
            throw new IllegalArgumentException(
                    "perplexities must be positive: %s, %s".formatted(perplexity, reference));
        }
    }

    /** How much higher the file's is, as a share of the reference: 0.01 is one per cent. */
    public double increase() {
        return perplexity / reference - 1;
    }
}
