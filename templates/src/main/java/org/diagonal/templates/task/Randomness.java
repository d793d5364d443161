package org.diagonal.templates.task;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/** Random choices that are the same on every machine. */
public final class Randomness {

    private static final long GOLDEN_RATIO = 0x9e3779b97f4a7c15L;

    private Randomness() {}

    /**
     * A generator for one purpose.
     *
     * @param seed the user's
     * @param stream the purpose: streams of one seed have nothing to do with each other
     */
    public static UniformRandomProvider of(long seed, long stream) {
        long first = mixed(seed + GOLDEN_RATIO);
        long second = mixed(first + stream);
        return RandomSource.XO_RO_SHI_RO_128_PP.create(
                new long[] {second, mixed(second + GOLDEN_RATIO)});
    }

    /** SplitMix64's finalizer: neighbouring seeds give generators far apart. */
    private static long mixed(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /**
     * A standard normal number, by Box and Muller with functions that no machine rounds its way.
     */
    public static double gaussian(UniformRandomProvider random) {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
        return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
    }

    /** Shuffles by Fisher and Yates. */
    public static void shuffle(UniformRandomProvider random, int[] values) {
        for (int i = values.length; i > 1; i--) {
            int j = random.nextInt(i);
            int swapped = values[i - 1];
            values[i - 1] = values[j];
            values[j] = swapped;
        }
    }
}
