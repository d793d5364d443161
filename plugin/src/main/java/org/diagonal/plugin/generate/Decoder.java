package org.diagonal.plugin.generate;

/**
 * A network that reads one text id by id and says what may follow. It remembers what it has read,
 * so that a further id costs one position.
 *
 * <p>P is {@link #contextLength}, V the vocabulary. A text longer than P is refused: positions are
 * absolute in GPT-2, and dropping the beginning would change all that is remembered. For one thread
 * at a time; who opens a decoder closes it.
 */
public interface Decoder extends AutoCloseable {

    /** P, the longest text. */
    int contextLength();

    /** V; ids run from 0 to one less. */
    int vocabularySize();

    /** The ids that were read. */
    int length();

    /**
     * Forgets the text and reads another.
     *
     * @param ids 1 to P ids
     * @return the logits (V) of the id after the last; the caller's own
     * @throws IllegalArgumentException if there are no ids or more than P
     */
    float[] prime(long... ids);

    /**
     * Reads one more id.
     *
     * @return the logits (V) of the id after it; the caller's own
     * @throws IllegalStateException if P ids were read already
     */
    float[] next(long id);

    /** Frees what is remembered. */
    @Override
    void close();
}
