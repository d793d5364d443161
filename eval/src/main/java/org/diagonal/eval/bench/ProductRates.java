package org.diagonal.eval.bench;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.StringJoiner;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.kernels.Products;

/**
 * What a process can reach: operations a second of the best of a few medians of one product.
 *
 * @param mkl float32 by MKL
 * @param onednn float32 by oneDNN; empty where it cannot be used
 * @param bf16 bfloat16
 * @param used the library that makes float32 products in the steps
 */
public record ProductRates(
        OptionalDouble mkl, OptionalDouble onednn, OptionalDouble bf16, Products used) {

    private static final int TRIES = 3;

    /** Measures all of them; afterwards the process uses the library that it used before. */
    static ProductRates measure(NDManager manager) {
        Products used = Products.ofProcess();
        try {
            OptionalDouble mkl = with(manager, Products.MKL);
            OptionalDouble onednn = with(manager, Products.ONEDNN);
            return new ProductRates(
                    mkl, onednn, OptionalDouble.of(best(manager, Precision.BF16)), used);
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
        return best;
    }

    /** In one line: {@code MKL 190, oneDNN 420, bfloat16 850}. */
    String words() {
        StringJoiner words = new StringJoiner(", ");
        mkl.ifPresent(rate -> words.add(word("MKL", rate)));
        onednn.ifPresent(rate -> words.add(word("oneDNN", rate)));
        bf16.ifPresent(rate -> words.add(word("bfloat16", rate)));
        return words.toString();
    }

    private static String word(String name, double rate) {
        return String.format(Locale.ROOT, "%s %.0f", name, rate / 1e9);
    }

    /** Adds the rates to a result. */
    void write(ObjectNode root) {
        ObjectNode node = root.putObject("product_gflops_per_second");
        mkl.ifPresent(rate -> node.put("mkl", rate / 1e9));
        onednn.ifPresent(rate -> node.put("onednn", rate / 1e9));
        bf16.ifPresent(rate -> node.put("bf16", rate / 1e9));
        root.put("products", used.toString());
    }
}
