package org.diagonal.plugin.kernels;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The arguments of a {@link Kernel} in its order: arrays, then lists of arrays. The first array's
 * manager owns what the kernel returns.
 */
public final class Arguments {

    private final List<NDArray> arrays;
    private final List<NDList> lists = new ArrayList<>();

    private Arguments(List<NDArray> arrays) {
        this.arrays = arrays;
    }

    /** The arrays. */
    public static Arguments of(NDArray... arrays) {
        return new Arguments(List.copyOf(Arrays.asList(arrays)));
    }

    /** Adds the next list. */
    public Arguments list(NDList list) {
        lists.add(list);
        return this;
    }

    List<NDArray> arrays() {
        return arrays;
    }

    List<NDList> lists() {
        return lists;
    }
}
