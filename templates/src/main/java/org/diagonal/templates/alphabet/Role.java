package org.diagonal.templates.alphabet;

import java.util.Locale;

/** What an alphabet, and the samples drawn with it, are for. */
public enum Role {
    /** What a network is trained on. */
    TRAINING('a'),
    /** What the best epoch is chosen on. */
    VALIDATION('b'),
    /** What is reported: symbols that nothing before has seen. */
    TEST('c');

    private final char letter;

    Role(char letter) {
        this.letter = letter;
    }

    /** The first letter of the symbols of networks from scratch, and the role's random stream. */
    char letter() {
        return letter;
    }

    /** {@code training}, {@code validation} or {@code test}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
