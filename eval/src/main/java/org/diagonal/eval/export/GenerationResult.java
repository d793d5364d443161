package org.diagonal.eval.export;

import org.diagonal.plugin.generate.Generated;

/**
 * How a text was generated.
 *
 * @param promptTokens tokens of the prompt
 * @param newTokens tokens added
 * @param promptSeconds until the first of them was there
 * @param seconds from then to the end
 * @param end why it ended
 */
public record GenerationResult(
        int promptTokens, int newTokens, double promptSeconds, double seconds, Generated.End end) {

    /** Tokens a second after the first; 0 where there are none. */
    public double tokensPerSecond() {
        return newTokens > 1 ? (newTokens - 1) / seconds : 0;
    }
}
