package org.diagonal.wikitext;

import java.util.List;
import java.util.Locale;

/** The part of a data set that a text is. */
public enum Split {
    /** What a model is trained on. */
    TRAIN,
    /** What choices are made on. */
    VALIDATION,
    /** What is reported. */
    TEST;

    /**
     * The split that a name stands for.
     *
     * @param name {@code train}, {@code validation}, {@code valid} or {@code test}
     * @throws IllegalArgumentException for any other name
     */
    public static Split parse(String name) {
        for (Split split : values()) {
            if (split.names().contains(name)) {
                return split;
            }
        }
        throw new IllegalArgumentException(
                "unknown split \"" + name + "\": expected train, validation or test");
    }

    /** The names that files of this split carry. */
    List<String> names() {
        return switch (this) {
            case TRAIN -> List.of("train");
            case VALIDATION -> List.of("valid", "validation");
            case TEST -> List.of("test");
        };
    }

    /** {@code train}, {@code validation} or {@code test}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
