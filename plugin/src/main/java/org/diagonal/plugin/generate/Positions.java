package org.diagonal.plugin.generate;

/** Refuses ids for which a context has no position. */
final class Positions {

    private Positions() {}

    static void requireText(int ids, int contextLength) {
        if (ids == 0 || ids > contextLength) {
            throw new IllegalArgumentException(
                    "a text must have 1 to n_positions ids: ids=%d, n_positions=%d"
                            .formatted(ids, contextLength));
        }
    }

    static void requireOneMore(int length, int contextLength) {
        if (length == contextLength) {
            throw new IllegalStateException("the context is full: n_positions=" + contextLength);
        }
    }
}
