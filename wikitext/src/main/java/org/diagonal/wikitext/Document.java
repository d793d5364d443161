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

    /** Keeps a read-only view. */
    public Document {
        ids = ids.asReadOnlyBuffer();
    }
}
