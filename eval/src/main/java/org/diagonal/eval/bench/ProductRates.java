package org.diagonal.eval.bench;

import ai.djl.ndarray.NDManager;
import java.util.OptionalDouble;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.kernels.Products;

/**
 * What a process can reach: of a few medians of one matrix product the best, GFLOP/s.
 *
 * @param mkl float32 by MKL
 * @param onednn float32 by oneDNN; empty where it cannot be used
 * @param bf16 bfloat16
 */
record ProductRates(OptionalDouble mkl, OptionalDouble onednn, OptionalDouble bf16) {

    private static final int TRIES = 3;

    /** Measures all of them; afterwards the process uses the library that it used before. */
    static ProductRates measure(NDManager manager) {
        Products used = Products.ofProcess();
        try {
            return new ProductRates(
                    with(manager, Products.MKL),
                    with(manager, Products.ONEDNN),
                    OptionalDouble.of(best(manager, Precision.BF16)));
        } finally {
            Products.use(used);
        }
    }

    private static OptionalDouble with(NDManager manager, Products products) {
        if (!products.isPossible()) {
            return OptionalDouble.empty();
        }
        Products.use(products);
        return OptionalDouble.of(best(manager, Precision.F32));
    }

    private static double best(NDManager manager, Precision precision) {
        double best = 0;
        for (int i = 0; i < TRIES; i++) {
            best = Math.max(best, GemmRate.measure(manager, precision));
        }
        return best / 1e9;
    }
}
