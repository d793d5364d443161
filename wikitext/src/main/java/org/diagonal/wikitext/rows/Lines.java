package org.diagonal.wikitext.rows;

import java.io.Closeable;
import java.io.IOException;
import org.diagonal.wikitext.Corpus;

/** The lines of a text one after another, so that no more than one of them need be held. */
public interface Lines extends Closeable {

    /** Opens a text from its beginning. */
    interface Source {
        Lines open() throws IOException;
    }

    /** Goes to the next line; false after the last. */
    boolean next() throws IOException;

    /** The line that {@link #next} went to, with its line break if it has one. */
    String line();

    /** What has been read so far, in the unit of {@link Corpus#size}. */
    long done();
}
