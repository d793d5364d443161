package org.diagonal.plugin.finetune;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

/**
 * What a network is trained on: examples of input ids and targets, by number.
 *
 * <p>Implementations live with the data; a network never learns where its examples come from.
 */
@API(status = Status.MAINTAINED, since = "0.1.0")
public interface Examples {

    /** The target where nothing is scored. */
    long NOT_SCORED = -100;

    /**
     * Examples in Java's memory.
     *
     * @param inputIds a row of ids an example; rows may differ in length
     * @param targets rows as long as those of the ids: the id that should follow each, {@value
     *     #NOT_SCORED} where nothing is scored
     * @throws IllegalArgumentException naming the example whose rows differ in length, or which has
     *     nothing to score
     */
    static Examples of(long[][] inputIds, long[][] targets) {
        return new RowExamples(inputIds, targets);
    }

    /**
     * Texts, in each of which every id but the first is to be predicted from those before it.
     *
     * @param texts a row of at least two ids a text
     * @throws IllegalArgumentException naming the text that is shorter
     */
    static Examples ofTexts(long[]... texts) {
        long[][] inputIds = new long[texts.length][];
        long[][] targets = new long[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            if (texts[i].length < 2) {
                throw new IllegalArgumentException(
                        "text %d must have at least two ids: ids=%d".formatted(i, texts[i].length));
            }
            inputIds[i] = Arrays.copyOf(texts[i], texts[i].length - 1);
            targets[i] = Arrays.copyOfRange(texts[i], 1, texts[i].length);
        }
        return of(inputIds, targets);
    }

    /** The number of examples. */
    int count();

    /** The number of input ids of an example, padding not counted. */
    int length(int example);

    /** The number of scored targets of an example, at least 1. */
    int targets(int example);

    /**
     * A batch of examples.
     *
     * @param manager owns the arrays
     * @param examples the examples' numbers, in the batch's order
     * @return input ids (B, T) int64, and targets: (B, T) int64, −100 where nothing is scored, or
     *     real numbers (B) float32; rows shorter than the longest are padded on the right
     */
    NDList batch(NDManager manager, int[] examples);
}
