package org.diagonal.templates.task;

import java.util.Locale;

/** What the labels of a task are, and with that its loss. */
public enum LabelKind {
    /** Numbers, for a squared error (Definition 3.2). */
    REAL,
    /** Tokens or wildcards, for a cross-entropy over the vocabulary (Definition J.1). */
    SYMBOLIC;

    /** {@code real} or {@code symbolic}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
