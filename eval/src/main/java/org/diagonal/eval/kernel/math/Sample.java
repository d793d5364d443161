package org.diagonal.eval.kernel.math;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.rng.UniformRandomProvider;
import org.diagonal.templates.task.Randomness;

/**
 * n samples of a task, strings that occur more than once kept once: as many equal samples are one
 * whose ridge is smaller, which is exact and keeps the kernel's matrix regular.
 */
final class Sample {

    /** One string, and how often it was drawn. */
    private static final class Drawn {
        final int template;
        final int[] symbols;
        int count;
        double noise; // a sum over equal samples

        Drawn(int template, int[] symbols) {
            this.template = template;
            this.symbols = symbols;
        }
    }

    private final List<Drawn> strings;

    private Sample(Collection<Drawn> strings) {
        this.strings = List.copyOf(strings);
    }

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
        Map<List<Object>, Drawn> known = new LinkedHashMap<>();
        for (int i = 0; i < n; i++) {
            int template = template(outline, random.nextDouble());
            Set<Integer> symbols = new LinkedHashSet<>();
            while (symbols.size() < outline.wildcards(template)) {
                symbols.add(random.nextInt(alphabet));
            }
            int[] inOrder = symbols.stream().mapToInt(symbol -> symbol).toArray();
            Drawn drawn =
                    known.computeIfAbsent(
                            List.of(template, List.copyOf(symbols)),
                            any -> new Drawn(template, inOrder));
            drawn.count++;
            drawn.noise += outline.noise() == 0 ? 0 : outline.noise() * Randomness.gaussian(random);
        }
        return new Sample(known.values());
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

    /** Different strings. */
    int size() {
        return strings.size();
    }

    int template(int i) {
        return strings.get(i).template;
    }

    /** How often string i was drawn. */
    int count(int i) {
        return strings.get(i).count;
    }

    /** The mean noise on string i's labels. */
    double noise(int i) {
        return strings.get(i).noise / count(i);
    }

    /** The pattern of symbols that two strings share. */
    int pattern(int x, int y, Patterns patterns) {
        return patterns.between(strings.get(x).symbols, strings.get(y).symbols);
    }

    /** For every symbol the strings that it stands in. */
    Map<Integer, List<Integer>> bySymbol() {
        Map<Integer, List<Integer>> bySymbol = new HashMap<>();
        for (int i = 0; i < size(); i++) {
            for (int symbol : strings.get(i).symbols) {
                bySymbol.computeIfAbsent(symbol, any -> new ArrayList<>()).add(i);
            }
        }
        return bySymbol;
    }

    int[] symbols(int i) {
        return strings.get(i).symbols.clone();
    }
}
