package org.diagonal.eval.kernel.numeric;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.diagonal.templates.task.Randomness;

/**
 * Standard normal points that cover their space evenly: a Korobov rank-1 lattice whose generator
 * has the least P₂ of some candidates, with a random shift, the tent map and the inverse normal
 * distribution function. Means over several shifts tell their own error. In spaces with more
 * dimensions than a generator has powers, a Latin hypercube takes the lattice's place.
 */
public final class Lattice {

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    private static final int CANDIDATES = 96;
    private static final double WEIGHT = 0.5;
    private static final int WEIGHTED = 12;
    private static final double EDGE = 1e-16;

    private final int points;
    private final long[] generators;

    /**
     * Chooses a generator; takes no random choice.
     *
     * @param points N, a power of two
     * @param dimensions of the space
     */
    public Lattice(int points, int dimensions) {
        this.points = points;
        this.generators =
                dimensions <= points / 8
                        ? powers(best(points, dimensions), points, dimensions)
                        : new long[dimensions];
    }

    private boolean isLattice() {
        return generators.length == 0 || generators[0] == 1;
    }

    /**
     * The points under a random shift.
     *
     * @return (N, dimensions)
     */
    public double[][] normals(long seed, long stream) {
        UniformRandomProvider random = Randomness.of(seed, stream);
        double[][] normals = new double[points][generators.length];
        int[] order = new int[points];
        for (int j = 0; j < generators.length; j++) {
            double shift = random.nextDouble();
            if (!isLattice()) {
                Arrays.setAll(order, i -> i);
                Randomness.shuffle(random, order);
            }
            for (int i = 0; i < points; i++) {
                long place = isLattice() ? i * generators[j] % points : order[i];
                double u = (double) place / points + shift;
                u -= Math.floor(u);
                double tent = 1 - Math.abs(2 * u - 1);
                double inside = Math.max(EDGE, Math.min(1 - EDGE, tent));
                normals[i][j] = NORMAL.inverseCumulativeProbability(inside);
            }
        }
        return normals;
    }

    private static long[] powers(long generator, int points, int dimensions) {
        long[] powers = new long[dimensions];
        long power = 1;
        for (int j = 0; j < dimensions; j++) {
            powers[j] = power;
            power = power * generator % points;
        }
        return powers;
    }

    /** Generators of three or five above a multiple of eight have the most different powers. */
    private static long best(int points, int dimensions) {
        long best = 3;
        double least = Double.MAX_VALUE;
        int step = Math.max(1, points / 16 / CANDIDATES);
        for (int eights = 0; 8 * eights + 5 < Math.max(points / 2, 8); eights += step) {
            for (int rest = 3; rest <= 5; rest += 2) {
                long candidate = 8L * eights + rest;
                double badness = p2(candidate, points, dimensions);
                if (badness < least) {
                    least = badness;
                    best = candidate;
                }
            }
        }
        return best;
    }

    /** Its terms are the same for i and N − i. */
    private static double p2(long generator, int points, int dimensions) {
        long[] powers = powers(generator, points, dimensions);
        double weight = WEIGHT * Math.min(1, WEIGHTED / (double) dimensions);
        double sum = 0;
        for (int i = 1; i <= points / 2; i++) {
            double product = 1;
            for (long power : powers) {
                double x = (double) (i * power % points) / points;
                product *= 1 + weight * 2 * Math.PI * Math.PI * (x * x - x + 1.0 / 6);
            }
            sum += product;
        }
        return sum;
    }
}
