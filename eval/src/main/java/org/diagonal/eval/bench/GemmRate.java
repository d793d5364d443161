package org.diagonal.eval.bench;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.diagonal.plugin.kernels.Arguments;
import org.diagonal.plugin.kernels.Kernel;
import org.diagonal.plugin.kernels.Kernels;
import org.diagonal.plugin.kernels.Precision;

/** How fast the engine multiplies matrices: the speed that training steps are measured against. */
final class GemmRate {

    private static final int ROWS = 1024;
    private static final int INNER = 768;
    private static final int COLUMNS = 3072;

    /** The product that is measured, that of an MLP of GPT-2 124M with 1,024 tokens. */
    static final String PRODUCT = "%d x %d x %d".formatted(ROWS, INNER, COLUMNS);

    private static final int LEAST = 5;
    private static final long LONG_ENOUGH = Duration.ofMillis(400).toNanos();

    private GemmRate() {}

    /** Operations a second of the median of many products, one after another. */
    static double measure(NDManager parent, Precision precision) {
        Engine.getEngine("PyTorch").setRandomSeed(0);
        try (NDManager manager = parent.newSubManager()) {
            NDArray left = manager.randomNormal(new Shape(ROWS, INNER));
            NDArray right = manager.randomNormal(new Shape(INNER, COLUMNS));
            NDList operands = operands(precision, left, right);
            long begin = System.nanoTime();
            List<Double> nanos = new ArrayList<>();
            while (nanos.size() < LEAST || System.nanoTime() - begin < LONG_ENOUGH) {
                nanos.add(once(operands));
            }
            return 2.0 * ROWS * INNER * COLUMNS / StepBench.median(nanos) * 1e9;
        }
    }

    private static NDList operands(Precision precision, NDArray left, NDArray right) {
        NDList operands = new NDList(left, right);
        return precision == Precision.F32
                ? operands
                : Kernels.get().callForAll(Kernel.TO_BFLOAT16, Arguments.of(left).list(operands));
    }

    private static double once(NDList operands) {
        long begin = System.nanoTime();
        try (NDArray one =
                Kernels.get().call(Kernel.PRODUCT, false, operands.get(0), operands.get(1))) {
            one.getFloat(); // a GPU has not finished before something is read
            return System.nanoTime() - begin;
        }
    }
}
