package org.diagonal.templates.alphabet;

/**
 * How many symbols the alphabets have.
 *
 * @param training n; the paper takes as many as it has training samples
 * @param validation 100 in the paper
 * @param test 100 in the paper
 */
public record AlphabetSizes(int training, int validation, int test) {

    private static final int UNSEEN = 100;

    /** Checks that no alphabet is empty and all together can be numbered. */
    public AlphabetSizes {
        for (int size : new int[] {training, validation, test}) {
            if (size < 1) {
                throw new IllegalArgumentException(
                        "an alphabet needs at least 1 symbol: training %d, validation %d, test %d"
                                .formatted(training, validation, test));
            }
        }
        if ((long) training + validation + test > 1 << 28) {
            throw new IllegalArgumentException(
                    "alphabets of %d, %d and %d symbols are too large together"
                            .formatted(training, validation, test));
        }
    }

    /** The paper's sizes (appendix A). */
    public static AlphabetSizes ofTraining(int training) {
        return new AlphabetSizes(training, UNSEEN, UNSEEN);
    }

    /** The size for a role. */
    public int of(Role role) {
        return switch (role) {
            case TRAINING -> training;
            case VALIDATION -> validation;
            case TEST -> test;
        };
    }

    /** All symbols. */
    public int total() {
        return training + validation + test;
    }

    /** {@code training + validation + test} with numbers. */
    @Override
    public String toString() {
        return "training %d + validation %d + test %d".formatted(training, validation, test);
    }
}
