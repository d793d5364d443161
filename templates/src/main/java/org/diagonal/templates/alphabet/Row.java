package org.diagonal.templates.alphabet;

import java.util.ArrayList;
import java.util.List;

/**
 * A template as token ids.
 *
 * @param ids the id at each position, or for a wildcard {@link #hole} of its index
 * @param label the id of the answer of a symbolic label, or the hole of its wildcard; 0 for a real
 *     one
 */
record Row(List<Integer> ids, int label) {

    Row {
        ids = List.copyOf(ids);
    }

    /** What stands for a wildcard: no id, as it is negative. */
    static int hole(int wildcard) {
        return -1 - wildcard;
    }

    /** The index of the wildcard whose hole this is. */
    static int wildcard(int hole) {
        return -1 - hole;
    }

    /** The same with the holes, counted from 0 in their order, turned into their wildcards'. */
    static Row of(List<Integer> positions, List<Integer> holes, int label) {
        List<Integer> ids = new ArrayList<>();
        int next = 0;
        for (int id : positions) {
            ids.add(id < 0 ? hole(holes.get(next++)) : id);
        }
        return new Row(ids, label);
    }
}
