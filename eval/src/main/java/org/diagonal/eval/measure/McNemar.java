package org.diagonal.eval.measure;

import java.util.List;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.BinomialTest;

/**
 * Two arms on the same strings: how often both, one or neither is right, and McNemar's exact test.
 *
 * <p>The test is the conditional one: if the arms are equally good, the strings that only one
 * answers rightly fall to either with probability 1/2; its two-sided p-value is binomial, valid at
 * every number of strings. The interval of the difference in accuracy is Bonett and Price's (2012).
 * Both speak of other strings, not of other trainings.
 *
 * @param both strings that both arms answer rightly
 * @param firstOnly strings that only the first does
 * @param secondOnly strings that only the second does
 * @param neither strings that none does
 */
public record McNemar(long both, long firstOnly, long secondOnly, long neither) {

    /** Refuses counts that are none, and a pair without strings. */
    public McNemar {
        if (both < 0 || firstOnly < 0 || secondOnly < 0 || neither < 0) {
            throw new IllegalArgumentException(
                    "counts must not be negative: both=%d, first only=%d, second only=%d, neither=%d"
                            .formatted(both, firstOnly, secondOnly, neither));
        }
        if (both + firstOnly + secondOnly + neither == 0) {
            throw new IllegalArgumentException("a pair of arms needs at least one string");
        }
    }

    /**
     * Pairs two measurements by the accuracy of the nearest label, or over the whole vocabulary.
     *
     * @throws IllegalArgumentException naming what differs, if they are not of the same strings
     */
    public static McNemar of(TaskEvaluation first, TaskEvaluation second) {
        requireSameStrings(first, second);
        return of(first.accuracy(), second.accuracy());
    }

    /**
     * Pairs two measurements of symbolic labels by the accuracy among the symbols of the string.
     *
     * @throws IllegalArgumentException naming what differs, if they are not of the same strings
     */
    public static McNemar amongSymbols(TaskEvaluation first, TaskEvaluation second) {
        requireSameStrings(first, second);
        if (first.amongSymbols().isEmpty()) {
            throw new IllegalArgumentException("real labels have no accuracy among symbols");
        }
        return of(first.amongSymbols().get(), second.amongSymbols().orElseThrow());
    }

    private static McNemar of(Accuracy first, Accuracy second) {
        List<Boolean> one = first.correct();
        List<Boolean> two = second.correct();
        long[] counts = new long[4];
        for (int i = 0; i < one.size(); i++) {
            counts[(one.get(i) ? 0 : 2) + (two.get(i) ? 0 : 1)]++;
        }
        return new McNemar(counts[0], counts[1], counts[2], counts[3]);
    }

    private static void requireSameStrings(TaskEvaluation a, TaskEvaluation b) {
        equal("task_sha256", a.subject().taskSha256(), b.subject().taskSha256());
        equal("labels", a.labels(), b.labels());
        equal("symbols", a.subject().symbols(), b.subject().symbols());
        equal("samples", a.samples(), b.samples());
        equal("samples_sha256", a.samplesSha256(), b.samplesSha256());
    }

    private static void equal(String field, Object a, Object b) {
        if (!a.equals(b)) {
            throw new IllegalArgumentException(
                    "measurements with different %s cannot be paired: %s and %s"
                            .formatted(field, a, b));
        }
    }

    /** The counts of both pairs together: other strings of the same two arms. */
    public McNemar plus(McNemar other) {
        return new McNemar(
                both + other.both,
                firstOnly + other.firstOnly,
                secondOnly + other.secondOnly,
                neither + other.neither);
    }

    /** How many strings were paired. */
    public long strings() {
        return both + firstOnly + secondOnly + neither;
    }

    /** The two-sided p-value of equal accuracies; 1 if no string tells the arms apart. */
    public double pValue() {
        int decisive = Math.toIntExact(firstOnly + secondOnly);
        if (decisive == 0) {
            return 1;
        }
        // Twice one side: the library's own two-sided test (1.2) can take one of two equally
        // likely counts for the likelier, 1 of 3 for other than 2 of 3.
        double oneSide =
                BinomialTest.withDefaults()
                        .with(AlternativeHypothesis.LESS_THAN)
                        .test(decisive, Math.toIntExact(Math.min(firstOnly, secondOnly)), 0.5)
                        .getPValue();
        return Math.min(1, 2 * oneSide);
    }

    /** The second arm's accuracy less the first's. */
    public double difference() {
        return (double) (secondOnly - firstOnly) / strings();
    }

    /** The lower end of the difference's 95 % interval. */
    public double differenceLow() {
        return Math.max(-1, shrunk() - half());
    }

    /** The upper end of the difference's 95 % interval. */
    public double differenceHigh() {
        return Math.min(1, shrunk() + half());
    }

    /** The difference with one string more on either side. */
    private double shrunk() {
        return (double) (secondOnly - firstOnly) / (strings() + 2);
    }

    private double half() {
        double decisive = (double) (firstOnly + secondOnly + 2) / (strings() + 2);
        return Proportion.Z * Math.sqrt((decisive - shrunk() * shrunk()) / (strings() + 2));
    }
}
