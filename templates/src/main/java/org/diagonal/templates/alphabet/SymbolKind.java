package org.diagonal.templates.alphabet;

import java.util.Locale;

/** What stands for a wildcard in a text. */
public enum SymbolKind {
    /** Whole words: small letters with a space in front, which is part of the word's token. */
    WORDS,
    /** Names of variables: letters in the place of the wildcard, with nothing added. */
    NAMES;

    /** {@code words} or {@code names}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
