package org.diagonal.plugin.run;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import org.diagonal.plugin.finetune.Examples;

/** Examples of equal length from arrays in memory; the target of an id is the next one. */
record IdExamples(List<long[]> rows) implements Examples {

    /** Rows in which every id is the one before it plus a step, modulo the vocabulary. */
    static IdExamples counting(int count, int length, int vocabulary) {
        long[][] rows = new long[count][length];
        for (int i = 0; i < count; i++) {
            for (int t = 0; t < length; t++) {
                rows[i][t] = (i + (long) (i % 3 + 1) * t) % vocabulary;
            }
        }
        return new IdExamples(List.of(rows));
    }

    @Override
    public int count() {
        return rows.size();
    }

    @Override
    public int length(int example) {
        return rows.get(example).length;
    }

    @Override
    public int targets(int example) {
        return rows.get(example).length - 1;
    }

    @Override
    public NDList batch(NDManager manager, int[] examples) {
        long[][] ids = Arrays.stream(examples).mapToObj(rows::get).toArray(long[][]::new);
        long[][] targets = new long[ids.length][];
        for (int i = 0; i < ids.length; i++) {
            targets[i] = Arrays.copyOfRange(ids[i], 1, ids[i].length + 1);
            targets[i][ids[i].length - 1] = -100;
        }
        return new NDList(manager.create(ids), manager.create(targets));
    }
}
