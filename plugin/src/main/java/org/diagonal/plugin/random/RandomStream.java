package org.diagonal.plugin.random;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * The purposes that draw random numbers, each with generators of its own.
 *
 * <p>A generator is a function of the seed, the purpose and an index such as an epoch, and of
 * nothing else: a resumed training draws what an uninterrupted one draws. All of these are mixed
 * before they become a generator's state, because xoroshiro128++ gives neighbouring states
 * neighbouring numbers: seeded with the words {seed, epoch}, its permutations of consecutive epochs
 * correlate by .78.
 */
public enum RandomStream {
    /** The order of examples; the index is the epoch. */
    DATA_ORDER,
    /** Dropout masks; the index is the step and the forward pass within it. */
    DROPOUT,
    /** The first values of weights that are not loaded. */
    INITIAL_WEIGHTS,
    /** The first values of LoRA's A; the index is the layer and the matrix in it. */
    LORA,
    /** Random matrices in place of a model's heads; the index is layer, head and circuit. */
    RANDOM_HEADS,
    /** Ids drawn by their probability. */
    GENERATION,
    /** Ids on which an export is compared with its network. */
    VERIFICATION;

    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    /** A generator of this purpose for a seed and an index. */
    public UniformRandomProvider generator(long seed, long... index) {
        long first = hash(seed, index);
        return RandomSource.XO_RO_SHI_RO_128_PP.create(
                new long[] {first, mixed(first + GOLDEN_RATIO)});
    }

    /**
     * A seed of this purpose for the engine's own generator, which takes 32 bits; never negative.
     */
    public int engineSeed(long seed, long... index) {
        return (int) (hash(seed, index) >>> 33);
    }

    private long hash(long seed, long... index) {
        long hash = mixed(seed + GOLDEN_RATIO);
        for (int i = 0;
                i < name().length();
                i++) { // its name, so that the order of constants is free
            hash = mixed(hash + GOLDEN_RATIO + name().charAt(i));
        }
        for (long part : index) {
            hash = mixed(hash + GOLDEN_RATIO + mixed(part));
        }
        return hash;
    }

    /** SplitMix64's finalizer: each bit of the result depends on all bits of the value. */
    private static long mixed(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
