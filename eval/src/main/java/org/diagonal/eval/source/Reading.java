package org.diagonal.eval.source;

import java.util.Optional;
import org.diagonal.wikitext.Corpus;

/**
 * Which part of a text is read.
 *
 * @param column where records have their text; empty for the usual one
 * @param most the first documents alone; empty for all
 */
public record Reading(Optional<String> column, Optional<Integer> most) {

    /** The usual column, and all of it. */
    public static final Reading ALL = new Reading(Optional.empty(), Optional.empty());

    /** The same column, and only the first documents. */
    public Reading first(Optional<Integer> documents) {
        return new Reading(column, documents);
    }

    Corpus of(Corpus whole) {
        return most.isPresent() ? whole.first(most.get()) : whole;
    }
}
