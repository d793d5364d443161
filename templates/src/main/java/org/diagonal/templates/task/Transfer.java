package org.diagonal.templates.task;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.diagonal.templates.template.Label;
import org.diagonal.templates.template.Real;
import org.diagonal.templates.template.Token;
import org.diagonal.templates.template.Wildcard;

/** Whether a network that was trained on one task can be measured on another. */
public final class Transfer {

    private Transfer() {}

    /**
     * Checks that the tested task asks for answers that the trained one gives: labels of the same
     * kind, and no label that the training does not have. Any wildcard may be the answer where one
     * was in training.
     *
     * @throws IllegalArgumentException naming both tasks and what does not fit
     */
    public static void requireAnswers(Task trained, Task tested) {
        if (trained.kind() != tested.kind()) {
            throw new IllegalArgumentException(
                    "%s has %s labels, and %s, the training task, has %s ones"
                            .formatted(
                                    tested.name(), tested.kind(), trained.name(), trained.kind()));
        }
        List<Label> known = labels(trained);
        boolean copies = known.stream().anyMatch(Wildcard.class::isInstance);
        for (Label label : labels(tested)) {
            boolean answered = label instanceof Wildcard ? copies : known.contains(label);
            if (!answered) {
                throw new IllegalArgumentException(
                        "%s has %s, which is not a label of %s, the training task: %s"
                                .formatted(
                                        tested.name(),
                                        label instanceof Wildcard
                                                ? "a symbol as its label (" + label + ")"
                                                : "the label " + label,
                                        trained.name(),
                                        words(known)));
            }
        }
    }

    /**
     * Checks that the tested task has no regular token that the trained one does not have: a
     * network from scratch knows no other.
     *
     * @throws IllegalArgumentException naming the first
     */
    public static void requireTokens(Task trained, Task tested) {
        List<Token> known = trained.tokens();
        for (Token token : tested.tokens()) {
            if (!known.contains(token)) {
                throw new IllegalArgumentException(
                        "%s has the token %s, which %s, the training task, does not have%s"
                                .formatted(
                                        tested.name(),
                                        Quoted.of(token.text()),
                                        trained.name(),
                                        known.isEmpty()
                                                ? ""
                                                : ": "
                                                        + known.stream()
                                                                .map(Token::text)
                                                                .collect(
                                                                        Collectors.joining(", "))));
            }
        }
    }

    private static List<Label> labels(Task task) {
        return task.templates().stream().map(LabelledTemplate::label).distinct().toList();
    }

    private static String words(List<Label> labels) {
        List<String> words = new ArrayList<>();
        TreeSet<Double> numbers = new TreeSet<>();
        for (Label label : labels) {
            if (label instanceof Real real) {
                numbers.add(real.value());
            } else {
                words.add(label.toString());
            }
        }
        numbers.forEach(number -> words.add(new Real(number).toString()));
        return String.join(", ", words);
    }
}
