package org.diagonal.eval.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.diagonal.eval.record.Form;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.kernels.Products;

/**
 * The result of {@code diagonal bench}: the speed of training steps, and of what it was measured
 * on.
 *
 * @param version of the file's form
 * @param model the name of what was trained
 * @param flops the formula of a step's useful operations
 * @param precision of the operands of products in the steps
 * @param productGflopsPerSecond what products reach in this process
 * @param products the library that makes float32 products in the steps
 * @param gemm the matrix product that steps are measured against
 * @param batchSize blocks, or samples, in a step
 * @param steps measured steps
 * @param configurations one for each block size and arm, the arms of a block size together
 * @param peakResidentOf whose peak memory a row has: its own configuration, or the process so far
 * @param cpu the processor
 * @param versions what was loaded
 */
public record StepBench(
        int version,
        String model,
        Sizes sizes,
        String flops,
        Precision precision,
        ProductRates productGflopsPerSecond,
        Products products,
        String gemm,
        int batchSize,
        int steps,
        List<Configuration> configurations,
        String peakResidentOf,
        String cpu,
        SortedMap<String, String> versions) {

    /** The form of the file. */
    public static final Form<StepBench> FORM =
            Form.of("bench.json", StepBench.class, 1, Map.of()).flat("sizes", Sizes.class);

    /**
     * The steps of an arm at one block size.
     *
     * @param scalings the circuits with scalings
     * @param blockSize tokens in a block or a sample
     * @param stepSeconds the median step
     * @param ratio to the median step of the first arm with the same block size
     * @param tokensPerSecond of the median step; absent for networks that read samples
     * @param samplesPerSecond of the median step; absent for networks that read texts
     * @param flopsPerStep useful operations
     * @param gflopsPerSecond useful operations of the median step, in billions
     * @param gemmGflopsPerSecond the median rate of matrix products
     * @param gemmFraction the median over steps of the step's rate by that of the products around
     * @param optimizerSeconds the median of norm, clipping and AdamW
     * @param peakResidentBytes most memory of the process; absent where the system does not tell
     * @param allStepSeconds of every measured step
     * @param allGemmGflopsPerSecond of the products before the first step and after each: one more
     *     than steps, since the machine's speed drifts
     */
    public record Configuration(
            Arm scalings,
            int batchSize,
            int blockSize,
            double stepSeconds,
            double ratio,
            OptionalDouble tokensPerSecond,
            OptionalDouble samplesPerSecond,
            double flopsPerStep,
            double gflopsPerSecond,
            double gemmGflopsPerSecond,
            double gemmFraction,
            double optimizerSeconds,
            OptionalLong peakResidentBytes,
            List<Double> allStepSeconds,
            List<Double> allGemmGflopsPerSecond) {

        /** Copies the lists. */
        public Configuration {
            allStepSeconds = List.copyOf(allStepSeconds);
            allGemmGflopsPerSecond = List.copyOf(allGemmGflopsPerSecond);
        }

        /** Tokens or samples, whichever the network reads. */
        double perSecond() {
            return tokensPerSecond.orElseGet(samplesPerSecond::orElseThrow);
        }
    }

    /**
     * What was measured of an arm at one block size.
     *
     * @param seconds of every step
     * @param optimizer of these, the gradients' norm, clipping and AdamW
     * @param flops useful operations of a step
     * @param products operations a second of a matrix product, before the first step and after each
     * @param peak most memory of the process, bytes
     */
    record Timings(
            Arm arm,
            int blockSize,
            List<Double> seconds,
            List<Double> optimizer,
            double flops,
            List<Double> products,
            OptionalLong peak) {

        Timings {
            if (products.size() != seconds.size() + 1) {
                throw new IllegalArgumentException(
                        "a rate of products belongs before and after each step: steps=%d, rates=%d"
                                .formatted(seconds.size(), products.size()));
            }
        }

        private double share() {
            List<Double> shares = new ArrayList<>();
            for (int i = 0; i < seconds.size(); i++) {
                double around = (products.get(i) + products.get(i + 1)) / 2;
                shares.add(flops / seconds.get(i) / around);
            }
            return median(shares);
        }

        /**
         * What the file says of it.
         *
         * @param samples whether the network reads samples, not blocks of tokens
         * @param first the first arm at the same block size
         */
        Configuration configuration(int batchSize, boolean samples, Timings first) {
            double step = median(seconds);
            double perSecond = batchSize * (double) (samples ? 1 : blockSize) / step;
            return new Configuration(
                    arm,
                    batchSize,
                    blockSize,
                    step,
                    step / median(first.seconds),
                    samples ? OptionalDouble.empty() : OptionalDouble.of(perSecond),
                    samples ? OptionalDouble.of(perSecond) : OptionalDouble.empty(),
                    flops,
                    flops / step / 1e9,
                    median(products) / 1e9,
                    share(),
                    median(optimizer),
                    peak,
                    seconds,
                    products.stream().map(rate -> rate / 1e9).toList());
        }
    }

    /** Copies list and map. */
    public StepBench {
        configurations = List.copyOf(configurations);
        versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
    }

    /** The middle value, or the mean of the two in the middle. */
    static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return Arrays.stream(sorted, (sorted.length - 1) / 2, sorted.length / 2 + 1)
                .average()
                .orElseThrow();
    }
}
