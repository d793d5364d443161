package org.diagonal.eval.kernel.math;

import java.util.List;
import java.util.stream.DoubleStream;
import org.diagonal.eval.kernel.numeric.Workers;
import org.diagonal.templates.task.Randomness;

/**
 * How far the random features of networks of a finite width are from the kernel: root mean squares
 * over all pairs of strings that show a pattern.
 *
 * @param width of embeddings, heads and their number; the layer behind has four times as many
 *     neurons (eight at depth 2)
 * @param networks random networks
 * @param attentionError of a single network's K_attn, the mean over networks
 * @param error of a single network's K, the mean over networks
 * @param meanError of the mean of all networks' K
 */
public record FiniteWidth(
        int width, int networks, double attentionError, double error, double meanError) {

    private static final long STREAM = 7000;

    /** Draws networks. */
    public static FiniteWidth measure(
            Outline outline,
            Setting setting,
            Estimate estimate,
            int width,
            int networks,
            long seed,
            Workers workers) {
        if (setting.phi() == Phi.ERF) {
            throw new IllegalArgumentException(
                    "networks of a finite width have cos, linear or relu");
        }
        Universe universe = new Universe(outline, new Patterns(outline.mostWildcards()));
        List<double[][][]> drawn =
                workers.all(
                        networks,
                        network -> {
                            long stream = STREAM + 100L * width + network;
                            return new RandomNetwork(
                                            universe, setting, width, Randomness.of(seed, stream))
                                    .kernels();
                        });
        double[][] attention = universe.expand(estimate);
        double[][] kernel = new double[universe.size()][universe.size()];
        for (int x = 0; x < kernel.length; x++) {
            for (int y = 0; y < kernel.length; y++) {
                kernel[x][y] = setting.kernel(attention[x][x], attention[y][y], attention[x][y]);
            }
        }
        double[][] mean = new double[kernel.length][kernel.length];
        for (double[][][] one : drawn) {
            for (int x = 0; x < kernel.length; x++) {
                for (int y = 0; y < kernel.length; y++) {
                    mean[x][y] += one[1][x][y] / networks;
                }
            }
        }
        return new FiniteWidth(
                width,
                networks,
                mean(drawn.stream().mapToDouble(one -> distance(one[0], attention))),
                mean(drawn.stream().mapToDouble(one -> distance(one[1], kernel))),
                distance(mean, kernel));
    }

    private static double mean(DoubleStream values) {
        return values.average().orElseThrow();
    }

    private static double distance(double[][] one, double[][] other) {
        double sum = 0;
        for (int x = 0; x < one.length; x++) {
            for (int y = 0; y < one.length; y++) {
                sum += (one[x][y] - other[x][y]) * (one[x][y] - other[x][y]);
            }
        }
        return Math.sqrt(sum / one.length / one.length);
    }
}
