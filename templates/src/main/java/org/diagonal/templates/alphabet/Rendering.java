package org.diagonal.templates.alphabet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.diagonal.templates.task.Cut;
import org.diagonal.templates.task.LabelledTemplate;
import org.diagonal.templates.template.Wildcard;

/**
 * The text of a template with holes where its wildcards stand.
 *
 * @param literals the text before each hole, and behind the last one
 * @param holes for each hole its wildcard's index among those of the template
 * @param space what stands before each symbol: one space or nothing
 */
record Rendering(List<String> literals, List<Integer> holes, String space) {

    Rendering {
        literals = List.copyOf(literals);
        holes = List.copyOf(holes);
    }

    /**
     * Cuts a template's text at its wildcards.
     *
     * @param spaced whether every symbol has a space in front, which takes the place of the text's
     */
    static Rendering of(LabelledTemplate labelled, Cut cut, boolean spaced) {
        String text = labelled.text();
        List<Wildcard> wildcards = labelled.template().wildcards();
        List<String> literals = new ArrayList<>();
        List<Integer> holes = new ArrayList<>();
        int begin = 0;
        for (Cut.Span span : cut.spans(text)) {
            int wildcard = wildcards.indexOf(new Wildcard(span.of(text)));
            if (wildcard >= 0) {
                String literal = text.substring(begin, span.begin());
                boolean taken = spaced && literal.endsWith(" ");
                literals.add(taken ? literal.substring(0, literal.length() - 1) : literal);
                holes.add(wildcard);
                begin = span.end();
            }
        }
        literals.add(text.substring(begin));
        return new Rendering(literals, holes, spaced ? " " : "");
    }

    /** The number of holes behind a space of the text. */
    long spacedHoles() {
        return literals.subList(0, holes.size()).stream()
                .filter(literal -> literal.endsWith(" "))
                .count();
    }

    /** The text with a symbol for each wildcard, by its index. */
    String text(IntFunction<String> symbols) {
        return fill(hole -> symbols.apply(holes.get(hole)));
    }

    /** The text with a symbol for each hole, by its number. */
    String fill(IntFunction<String> symbols) {
        StringBuilder text = new StringBuilder(literals.get(0));
        for (int hole = 0; hole < holes.size(); hole++) {
            text.append(space).append(symbols.apply(hole)).append(literals.get(hole + 1));
        }
        return text.toString();
    }
}
