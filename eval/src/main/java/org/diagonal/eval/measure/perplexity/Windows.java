package org.diagonal.eval.measure.perplexity;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A text cut into windows by one protocol. Every iteration makes the windows anew, one at a time,
 * so that a text of any length costs the memory of one window.
 */
public interface Windows extends Iterable<Window> {

    /** The protocol that cuts. */
    Protocol protocol();

    /** The most ids a window of the text spans. */
    int blockSize();

    /** Ids from one window's begin to the next one's, for the protocol that has such a setting. */
    default OptionalInt stride() {
        return OptionalInt.empty();
    }

    /** The number of articles, those without a target included. */
    int documents();

    /** The number of ids in the text, scored or not. */
    long tokens();

    /** The number of windows that an iteration gives; each has at least one target. */
    long count();

    /** Words of the original text, where the protocol counts them and the text tells. */
    default OptionalLong words() {
        return OptionalLong.empty();
    }

    /** UTF-8 bytes of the original text, where the protocol counts them and the text tells. */
    default OptionalLong bytes() {
        return OptionalLong.empty();
    }
}
