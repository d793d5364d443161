package org.diagonal.eval.kernel.math;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which wildcards of one string carry the symbols of which wildcards of another: all that the
 * kernel of two strings depends on besides their templates. A pattern is a set of pairs (i, j), no
 * i and no j twice, written as the bits i · W + j.
 */
final class Patterns {

    /** Bits of a code. */
    private static final int MOST_WILDCARDS = 7;

    private final int wildcards;
    private final long[] codes; // ascending; the first is 0, nothing in common

    Patterns(int wildcards) {
        this.wildcards = wildcards;
        List<Long> found = new ArrayList<>();
        fill(found, 0, 0, 0);
        this.codes = found.stream().mapToLong(code -> code).sorted().toArray();
    }

    /**
     * How many patterns two strings have by their wildcards: of as many in both 2, 7, 34, 209, 1546
     * …
     */
    static long count(int first, int second) {
        if (Math.max(first, second) > MOST_WILDCARDS) {
            return Long.MAX_VALUE;
        }
        long count = 0;
        long ways = 1; // to choose so many wildcards of each string, and to pair them
        for (int pairs = 0; pairs <= Math.min(first, second); pairs++) {
            count += ways;
            ways = ways * (first - pairs) * (second - pairs) / (pairs + 1);
        }
        return count;
    }

    private void fill(List<Long> into, int i, long used, long code) {
        if (i == wildcards) {
            into.add(code);
            return;
        }
        fill(into, i + 1, used, code);
        for (int j = 0; j < wildcards; j++) {
            if ((used >> j & 1) == 0) {
                fill(into, i + 1, used | 1L << j, code | bit(i, j));
            }
        }
    }

    int size() {
        return codes.length;
    }

    /** The bit that says: wildcard i of the first string has the symbol of the second's j. */
    private long bit(int i, int j) {
        return 1L << (i * wildcards + j);
    }

    boolean has(int pattern, int i, int j) {
        return (codes[pattern] & bit(i, j)) != 0;
    }

    /** The pattern of two strings' symbols. */
    int between(int[] first, int[] second) {
        long code = 0;
        for (int i = 0; i < first.length; i++) {
            for (int j = 0; j < second.length; j++) {
                code |= first[i] == second[j] ? bit(i, j) : 0;
            }
        }
        return Arrays.binarySearch(codes, code);
    }

    /** The same pattern with the strings exchanged. */
    int exchanged(int pattern) {
        long code = 0;
        for (int i = 0; i < wildcards; i++) {
            for (int j = 0; j < wildcards; j++) {
                if (has(pattern, i, j)) {
                    code |= bit(j, i);
                }
            }
        }
        return Arrays.binarySearch(codes, code);
    }

    /** Whether templates with so many wildcards can have a pattern. */
    boolean fits(int pattern, int ofFirst, int ofSecond) {
        for (int i = 0; i < wildcards; i++) {
            for (int j = 0; j < wildcards; j++) {
                if (has(pattern, i, j) && (i >= ofFirst || j >= ofSecond)) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * The symbols of a second string that has a pattern with a first, whose wildcard i carries
     * symbol i; those of the second alone begin at W.
     */
    int[] symbols(int pattern, int ofSecond) {
        int[] symbols = new int[ofSecond];
        for (int j = 0; j < ofSecond; j++) {
            symbols[j] = wildcards + j;
            for (int i = 0; i < wildcards; i++) {
                if (has(pattern, i, j)) {
                    symbols[j] = i;
                }
            }
        }
        return symbols;
    }
}
