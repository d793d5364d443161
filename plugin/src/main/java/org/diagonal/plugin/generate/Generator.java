package org.diagonal.plugin.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.LongConsumer;
import org.diagonal.plugin.generate.Generated.End;

/**
 * Goes on with a prompt, id by id.
 *
 * @param sampling how each is chosen
 * @param maxNewTokens the most that are added
 * @param endsOfText the ids that end a text; the first begins one without a prompt; empty where the
 *     model has none
 */
public record Generator(Sampling sampling, int maxNewTokens, List<Integer> endsOfText) {

    /**
     * Checks the count.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Generator {
        if (maxNewTokens < 1) {
            throw new IllegalArgumentException("maxNewTokens must be 1 or more: " + maxNewTokens);
        }
        endsOfText = List.copyOf(endsOfText);
    }

    /** With one id at most that ends a text. */
    public Generator(Sampling sampling, int maxNewTokens, OptionalInt endOfText) {
        this(
                sampling,
                maxNewTokens,
                endOfText.isPresent() ? List.of(endOfText.getAsInt()) : List.of());
    }

    /**
     * Generates until the text ends. The last id needs no position: a context of P takes a prompt
     * of n ids and P − n + 1 new ones.
     *
     * @param prompt ids; none for a text from its beginning
     * @param listener hears each new id at once
     * @throws IllegalArgumentException if the prompt is longer than the context, holds an id
     *     outside the vocabulary, or is empty and the model has no end of text
     * @throws IllegalStateException if the network gives logits that are not finite
     */
    public Generated generate(Decoder decoder, long[] prompt, LongConsumer listener) {
        long[] start = start(prompt);
        check(decoder, start);
        Sampler sampler = new Sampler(sampling);
        List<Long> ids = new ArrayList<>();
        float[] logits = decoder.prime(start);
        while (true) {
            int id = sampler.choose(logits);
            if (endsOfText.contains(id)) {
                return new Generated(ids, End.END_OF_TEXT);
            }
            ids.add((long) id);
            listener.accept(id);
            if (ids.size() == maxNewTokens) {
                return new Generated(ids, End.LENGTH);
            }
            if (decoder.length() == decoder.contextLength()) {
                return new Generated(ids, End.CONTEXT_FULL);
            }
            logits = decoder.next(id);
        }
    }

    private long[] start(long[] prompt) {
        if (prompt.length > 0) {
            return prompt;
        }
        if (endsOfText.isEmpty()) {
            throw new IllegalArgumentException(
                    "the prompt is empty, and the model has no end-of-text token to begin with");
        }
        return new long[] {endsOfText.get(0)};
    }

    private static void check(Decoder decoder, long[] prompt) {
        if (prompt.length > decoder.contextLength()) {
            throw new IllegalArgumentException(
                    "the prompt is longer than the model's context: tokens=%d, n_positions=%d"
                            .formatted(prompt.length, decoder.contextLength()));
        }
        for (long id : prompt) {
            if (id < 0 || id >= decoder.vocabularySize()) {
                throw new IllegalArgumentException(
                        "the prompt's id %d is outside the vocabulary of %d"
                                .formatted(id, decoder.vocabularySize()));
            }
        }
    }
}
