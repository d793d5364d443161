package org.diagonal.templates.task;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.diagonal.templates.template.Label;
import org.diagonal.templates.template.Real;
import org.diagonal.templates.template.Template;

/**
 * What there is to tell of a task, as values.
 *
 * @param task the task: templates, labels, probabilities
 * @param alphabet n, the size of the training alphabet
 * @param length tokens in a template
 * @param mostWildcards the most wildcards of a template, the least size of an alphabet
 * @param diversity ρ (Definition 4.2) for symbols drawn uniformly from that alphabet
 * @param pairs the pairs of templates
 * @param notDisjoint the pairs of which some string matches both, counted anew: none in a task
 * @param trivialLoss the squared error of the best constant without noise; 0 for symbolic labels
 */
public record Overview(
        Task task,
        int alphabet,
        int length,
        int mostWildcards,
        double diversity,
        long pairs,
        long notDisjoint,
        double trivialLoss) {

    /**
     * Looks at a task.
     *
     * @param alphabet n, the size of the training alphabet
     * @throws IllegalArgumentException if an injective map needs more symbols
     */
    public static Overview of(Task task, int alphabet) {
        long size = task.templates().size();
        return new Overview(
                task,
                alphabet,
                task.length(),
                task.mostWildcards(),
                task.diversity(alphabet),
                size * (size - 1) / 2,
                notDisjoint(task),
                variance(task));
    }

    /** Pairs that can be unified; templates of different patterns never can. */
    private static long notDisjoint(Task task) {
        Map<List<Integer>, List<Template>> byPattern = new HashMap<>();
        long found = 0;
        for (LabelledTemplate labelled : task.templates()) {
            Template template = labelled.template();
            List<Template> alike =
                    byPattern.computeIfAbsent(template.pattern(), pattern -> new ArrayList<>());
            found += alike.stream().filter(other -> !other.isDisjoint(template)).count();
            alike.add(template);
        }
        return found;
    }

    private static double variance(Task task) {
        double total = 0;
        double mean = 0;
        for (LabelledTemplate template : task.templates()) {
            total += template.probability();
            mean += template.probability() * value(template.label());
        }
        mean /= total;
        double variance = 0;
        for (LabelledTemplate template : task.templates()) {
            double off = value(template.label()) - mean;
            variance += template.probability() * off * off;
        }
        return variance / total;
    }

    private static double value(Label label) {
        return label instanceof Real real ? real.value() : 0;
    }
}
