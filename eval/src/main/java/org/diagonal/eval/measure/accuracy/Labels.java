package org.diagonal.eval.measure.accuracy;

import java.util.Locale;

/** What a template task asks for. */
public enum Labels {
    /** A number; the loss is the squared error (paper, Definition 3.2). */
    REAL,
    /** A token of the vocabulary; the loss is the cross-entropy (paper, Definition J.1). */
    SYMBOLIC;

    /**
     * The constant of a word.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Labels parse(String word) {
        for (Labels labels : values()) {
            if (labels.toString().equals(word)) {
                return labels;
            }
        }
        throw new IllegalArgumentException("labels must be real or symbolic, found " + word);
    }

    /** The word in files: {@code real} or {@code symbolic}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
