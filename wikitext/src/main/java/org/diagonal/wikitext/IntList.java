package org.diagonal.wikitext;

import java.nio.IntBuffer;
import java.util.Arrays;

/** Ints that grow in number. */
final class IntList {

    private int[] values = new int[64];
    private int size;

    void add(int value) {
        reserve(1);
        values[size++] = value;
    }

    void addAll(int[] more, int from, int to) {
        reserve(to - from);
        System.arraycopy(more, from, values, size, to - from);
        size += to - from;
    }

    private void reserve(int more) {
        if (values.length - size < more) {
            long wanted = Math.max(2L * values.length, (long) size + more);
            values = Arrays.copyOf(values, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
        }
    }

    int size() {
        return size;
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }

    /** A view that is good as long as nothing is added. */
    IntBuffer view() {
        return IntBuffer.wrap(values, 0, size);
    }
}
