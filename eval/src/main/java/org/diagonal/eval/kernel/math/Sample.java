package org.diagonal.eval.kernel.math;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.rng.UniformRandomProvider;
import org.diagonal.templates.task.Randomness;

/**
 * n samples of a task, strings that occur more than once kept once: as many equal samples are one
 * whose ridge is smaller, which is exact and keeps the kernel's matrix regular.
 */
final class Sample {

    private final List<Integer> templates = new ArrayList<>();
    private final List<int[]> symbols = new ArrayList<>();
    private final List<Integer> counts = new ArrayList<>();
    private final List<Double> noise = new ArrayList<>(); // sums over equal samples

    private Sample() {}

    /**
     * Draws samples.
     *
     * @param alphabet symbols to draw from, at least W
     */
    static Sample draw(Outline outline, int n, int alphabet, long seed, long stream) {
        if (alphabet < outline.mostWildcards()) {
            throw new IllegalArgumentException(
                    "the alphabet is smaller than the wildcards of a template: alphabet=%d, wildcards=%d"
                            .formatted(alphabet, outline.mostWildcards()));
        }
        UniformRandomProvider random = Randomness.of(seed, stream);
        Sample sample = new Sample();
        Map<List<Integer>, Integer> known = new HashMap<>();
        for (int i = 0; i < n; i++) {
            int template = template(outline, random.nextDouble());
            int[] symbols = symbols(outline.wildcards(template), alphabet, random);
            List<Integer> key = new ArrayList<>(List.of(template));
            for (int symbol : symbols) {
                key.add(symbol);
            }
            double error = outline.noise() == 0 ? 0 : outline.noise() * Randomness.gaussian(random);
            Integer at = known.putIfAbsent(key, sample.templates.size());
            if (at == null) {
                sample.templates.add(template);
                sample.symbols.add(symbols);
                sample.counts.add(1);
                sample.noise.add(error);
            } else {
                sample.counts.set(at, sample.counts.get(at) + 1);
                sample.noise.set(at, sample.noise.get(at) + error);
            }
        }
        return sample;
    }

    private static int template(Outline outline, double draw) {
        double rest = draw;
        for (int t = 0; t < outline.size() - 1; t++) {
            rest -= outline.probability(t);
            if (rest < 0) {
                return t;
            }
        }
        return outline.size() - 1;
    }

    private static int[] symbols(int count, int alphabet, UniformRandomProvider random) {
        int[] symbols = new int[count];
        for (int j = 0; j < count; j++) {
            boolean isNew;
            do {
                symbols[j] = random.nextInt(alphabet);
                isNew = true;
                for (int i = 0; i < j; i++) {
                    isNew &= symbols[i] != symbols[j];
                }
            } while (!isNew);
        }
        return symbols;
    }

    /** Different strings. */
    int size() {
        return templates.size();
    }

    int template(int i) {
        return templates.get(i);
    }

    /** How often string i was drawn. */
    int count(int i) {
        return counts.get(i);
    }

    /** The mean noise on string i's labels. */
    double noise(int i) {
        return noise.get(i) / counts.get(i);
    }

    /** The pattern of symbols that two strings share. */
    int pattern(int x, int y, Patterns patterns) {
        int[] first = symbols.get(x);
        int[] second = symbols.get(y);
        long code = 0;
        for (int i = 0; i < first.length; i++) {
            for (int j = 0; j < second.length; j++) {
                if (first[i] == second[j]) {
                    code |= patterns.bit(i, j);
                }
            }
        }
        return patterns.indexOf(code);
    }

    /** For every symbol the strings that it stands in. */
    Map<Integer, List<Integer>> bySymbol() {
        Map<Integer, List<Integer>> strings = new HashMap<>();
        for (int i = 0; i < size(); i++) {
            for (int symbol : symbols.get(i)) {
                strings.computeIfAbsent(symbol, any -> new ArrayList<>()).add(i);
            }
        }
        return strings;
    }

    int[] symbols(int i) {
        return symbols.get(i).clone();
    }
}
