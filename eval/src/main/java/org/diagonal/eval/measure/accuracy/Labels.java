package org.diagonal.eval.measure.accuracy;

import java.util.Locale;

/** What a template task asks for. */
public enum Labels {
    /** A number; the loss is the squared error (paper, Definition 3.2). */
    REAL,
    /** A token of the vocabulary; the loss is the cross-entropy (paper, Definition J.1). */
    SYMBOLIC;

    /** The word in files: {@code real} or {@code symbolic}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
