package org.diagonal.eval.kernel.math;

import java.util.Arrays;
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

    private Outline(Task task) {
        int r = task.templates().size();
        places = new int[r][];
        wildcards = new int[r];
        labels = new double[r];
        probabilities = new double[r];
        Map<Element, Integer> numbers = new HashMap<>();
        double total = 0;
        for (int t = 0; t < r; t++) {
            LabelledTemplate template = task.templates().get(t);
            List<? extends Element> own = template.template().wildcards();
            wildcards[t] = own.size();
            List<? extends Element> elements = template.template().elements();
            places[t] = new int[elements.size() + 1];
            for (int i = 0; i < elements.size(); i++) {
                int wildcard = own.indexOf(elements.get(i));
                places[t][i] = wildcard >= 0 ? wildcard : -1 - number(numbers, elements.get(i));
            }
            labels[t] = ((Real) template.label()).value();
            probabilities[t] = template.probability();
            total += template.probability();
        }
        tokens = numbers.size();
        for (int t = 0; t < r; t++) {
            probabilities[t] /= total;
            places[t][places[t].length - 1] = -1 - tokens;
        }
        noise = task.noise();
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
        return new Outline(task);
    }

    private static int number(Map<Element, Integer> numbers, Element token) {
        return numbers.computeIfAbsent(token, any -> numbers.size());
    }

    /** r, the number of templates. */
    public int size() {
        return places.length;
    }

    /** k, the places of a string with [CLS]. */
    public int length() {
        return places[0].length;
    }

    /** Regular tokens in all templates together, without [CLS]. */
    int tokens() {
        return tokens;
    }

    /** W, the most wildcards of a template. */
    public int mostWildcards() {
        return Arrays.stream(wildcards).max().orElseThrow();
    }

    int wildcards(int template) {
        return wildcards[template];
    }

    /**
     * What stands at a place: wildcard j ≥ 0, or −1 − j for the j-th regular token, the last of
     * which is [CLS].
     */
    int place(int template, int i) {
        return places[template][i];
    }

    double label(int template) {
        return labels[template];
    }

    /** The labels of all templates. */
    double[] labels() {
        return labels.clone();
    }

    double probability(int template) {
        return probabilities[template];
    }

    /** σ, the standard deviation of the labels' noise. */
    double noise() {
        return noise;
    }

    /** How often every regular token and [CLS] stand in a template. */
    List<Integer> tokenCounts(int template) {
        int[] counts = new int[tokens + 1];
        for (int place : places[template]) {
            if (place < 0) {
                counts[-1 - place]++;
            }
        }
        return Arrays.stream(counts).boxed().toList();
    }

    /** How often every wildcard stands in a template, from rare to frequent. */
    List<Integer> wildcardCounts(int template) {
        int[] counts = new int[wildcards[template]];
        for (int place : places[template]) {
            if (place >= 0) {
                counts[place]++;
            }
        }
        return Arrays.stream(counts).sorted().boxed().toList();
    }
}
