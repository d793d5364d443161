package org.diagonal.templates.task;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.diagonal.templates.template.Element;
import org.diagonal.templates.template.Label;
import org.diagonal.templates.template.Template;
import org.diagonal.templates.template.Token;
import org.diagonal.templates.template.Wildcard;

/**
 * A template of a task.
 *
 * @param text the template as it is written, with the spaces that its tokens lack
 * @param template what the text was cut into
 * @param label its label
 * @param probability with which a sample is drawn from it, above 0 and at most 1
 */
public record LabelledTemplate(String text, Template template, Label label, double probability) {

    /** Checks the probability. */
    public LabelledTemplate {
        if (!(probability > 0 && probability <= 1)) {
            throw new IllegalArgumentException(
                    "a probability must be above 0 and at most 1: " + probability);
        }
    }

    /** Cuts a text; tokens that are named as a wildcard are wildcards. */
    static LabelledTemplate of(
            String text, Cut cut, List<Wildcard> wildcards, Label label, double probability) {
        Set<String> names = wildcards.stream().map(Wildcard::name).collect(Collectors.toSet());
        List<Element> elements =
                cut.tokens(text).stream().map(token -> element(token, names)).toList();
        return new LabelledTemplate(text, new Template(elements), label, probability);
    }

    private static Element element(String token, Set<String> names) {
        return names.contains(token) ? new Wildcard(token) : new Token(token);
    }
}
