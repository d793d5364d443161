package org.diagonal.wikitext;

import java.nio.IntBuffer;
import java.util.OptionalLong;

/**
 * One document as a harness scores it: its ids, and the size of the original text.
 *
 * @param ids the token ids; read-only, position 0 to limit
 * @param words words of the original text, {@code re.split(r"\s+", text)} as Python counts them;
 *     empty where the document is given as ids
 * @param bytes UTF-8 bytes of the original text; empty where the document is given as ids
 */
public record Document(IntBuffer ids, OptionalLong words, OptionalLong bytes) {

    /** Keeps a read-only view of all ids up to the limit. */
    public Document {
        ids = ids.asReadOnlyBuffer().rewind().slice();
        checkNotNegative("words", words);
        checkNotNegative("bytes", bytes);
    }

    private static void checkNotNegative(String name, OptionalLong count) {
        if (count.isPresent() && count.getAsLong() < 0) {
            throw new IllegalArgumentException(name + " must not be negative: " + count);
        }
    }

    /** The ids from position 0 on, in a view of the caller's own. */
    @Override
    public IntBuffer ids() {
        return ids.duplicate();
    }
}
