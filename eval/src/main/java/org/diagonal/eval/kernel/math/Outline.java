package org.diagonal.eval.kernel.math;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.diagonal.templates.task.LabelKind;
import org.diagonal.templates.task.LabelledTemplate;
import org.diagonal.templates.task.Task;
import org.diagonal.templates.template.Element;
import org.diagonal.templates.template.Real;

/**
 * A task as the kernel sees it: r templates of k places, the last of which is [CLS], which stands
 * nowhere else. Wildcards and regular tokens are numbers in the order in which they appear, so
 * their names make no difference to any bit.
 */
public final class Outline {

    private final int[][] places;
    private final int[] wildcards;
    private final int tokens;
    private final double[] labels;
    private final double[] probabilities;
    private final double noise;

    private Outline(
            int[][] places,
            int[] wildcards,
            int tokens,
            double[] labels,
            double[] probabilities,
            double noise) {
        this.places = places;
        this.wildcards = wildcards;
        this.tokens = tokens;
        this.labels = labels;
        this.probabilities = probabilities;
        this.noise = noise;
    }

    /**
     * Reads a task.
     *
     * @throws IllegalArgumentException if its labels are symbolic
     */
    public static Outline of(Task task) {
        if (task.kind() != LabelKind.REAL) {
            throw new IllegalArgumentException(
                    task.name() + " has symbolic labels, and ridge regression needs real ones");
        }
        int r = task.templates().size();
        int[][] places = new int[r][];
        int[] wildcards = new int[r];
        double[] labels = new double[r];
        double[] probabilities = new double[r];
        Map<Element, Integer> tokens = new HashMap<>();
        double total = 0;
        for (int t = 0; t < r; t++) {
            LabelledTemplate template = task.templates().get(t);
            List<? extends Element> own = template.template().wildcards();
            wildcards[t] = own.size();
            places[t] =
                    template.template().elements().stream()
                            .mapToInt(
                                    element -> {
                                        int wildcard = own.indexOf(element);
                                        return wildcard >= 0
                                                ? wildcard
                                                : -1 - number(tokens, element);
                                    })
                            .toArray();
            labels[t] = ((Real) template.label()).value();
            probabilities[t] = template.probability();
            total += template.probability();
        }
        for (int t = 0; t < r; t++) {
            probabilities[t] /= total;
        }
        return new Outline(places, wildcards, tokens.size(), labels, probabilities, task.noise());
    }

    private static int number(Map<Element, Integer> tokens, Element token) {
        int next = tokens.size();
        Integer known = tokens.putIfAbsent(token, next);
        return known == null ? next : known;
    }

    /** r, the number of templates. */
    public int size() {
        return places.length;
    }

    /** k, the places of a string with [CLS]. */
    public int length() {
        return places[0].length + 1;
    }

    /** Regular tokens in all templates together. */
    int tokens() {
        return tokens;
    }

    /** W, the most wildcards of a template. */
    public int mostWildcards() {
        int most = 0;
        for (int count : wildcards) {
            most = Math.max(most, count);
        }
        return most;
    }

    int wildcards(int template) {
        return wildcards[template];
    }

    /** What stands at a place: wildcard j ≥ 0, or −1 − j for the j-th regular token. */
    int place(int template, int i) {
        return places[template][i];
    }

    double label(int template) {
        return labels[template];
    }

    double probability(int template) {
        return probabilities[template];
    }

    /** σ, the standard deviation of the labels' noise. */
    double noise() {
        return noise;
    }

    /** How often every regular token stands in a template. */
    List<Integer> tokenCounts(int template) {
        int[] counts = new int[tokens];
        for (int place : places[template]) {
            if (place < 0) {
                counts[-1 - place]++;
            }
        }
        return asList(counts);
    }

    /** How often every wildcard stands in a template, from rare to frequent. */
    List<Integer> wildcardCounts(int template) {
        int[] counts = new int[wildcards[template]];
        for (int place : places[template]) {
            if (place >= 0) {
                counts[place]++;
            }
        }
        return asList(counts).stream().sorted().toList();
    }

    private static List<Integer> asList(int[] values) {
        List<Integer> list = new ArrayList<>();
        for (int value : values) {
            list.add(value);
        }
        return list;
    }
}
