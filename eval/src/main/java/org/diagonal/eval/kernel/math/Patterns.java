package org.diagonal.eval.kernel.math;

import java.util.Arrays;

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
        long[] found = new long[(int) count(wildcards)];
        int size = fill(found, 0, 0, 0, 0);
        if (size != found.length) {
            throw new IllegalStateException("patterns: " + size + " of " + found.length);
        }
        Arrays.sort(found);
        this.codes = found;
    }

    /** How many patterns two strings of W wildcards have: 2, 7, 34, 209, 1546 … */
    static long count(int wildcards) {
        if (wildcards > MOST_WILDCARDS) {
            return Long.MAX_VALUE;
        }
        long count = 0;
        for (int pairs = 0; pairs <= wildcards; pairs++) {
            long choose = choose(wildcards, pairs);
            long orders = 1;
            for (int i = 2; i <= pairs; i++) {
                orders *= i;
            }
            count += choose * choose * orders;
        }
        return count;
    }

    private static long choose(int of, int some) {
        long ways = 1;
        for (int i = 0; i < some; i++) {
            ways = ways * (of - i) / (i + 1);
        }
        return ways;
    }

    private int fill(long[] into, int size, int i, long used, long code) {
        if (i == wildcards) {
            into[size] = code;
            return size + 1;
        }
        int next = fill(into, size, i + 1, used, code);
        for (int j = 0; j < wildcards; j++) {
            if ((used >> j & 1) == 0) {
                next = fill(into, next, i + 1, used | 1L << j, code | bit(i, j));
            }
        }
        return next;
    }

    int size() {
        return codes.length;
    }

    long code(int pattern) {
        return codes[pattern];
    }

    /** The bit that says: wildcard i of the first string has the symbol of the second's j. */
    long bit(int i, int j) {
        return 1L << (i * wildcards + j);
    }

    boolean has(int pattern, int i, int j) {
        return (codes[pattern] & bit(i, j)) != 0;
    }

    int indexOf(long code) {
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
        return indexOf(code);
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

    /** The wildcard of the first string that gives its symbol to the second's; −1 for none. */
    int partner(int pattern, int j) {
        for (int i = 0; i < wildcards; i++) {
            if (has(pattern, i, j)) {
                return i;
            }
        }
        return -1;
    }
}
