package org.diagonal.templates.catalogue;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.diagonal.templates.template.Wildcard;

/** Wildcards by number, and the texts of templates that are made of them. */
final class Greek {

    private static final String LETTERS = "αβγδεζηθικλμνξοπρστυφχψω";

    static final int COUNT = LETTERS.length();

    private Greek() {}

    static char letter(int number) {
        return LETTERS.charAt(number);
    }

    static List<Wildcard> wildcards(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Wildcard(String.valueOf(letter(i))))
                .toList();
    }

    /** A letter for each number. */
    static String text(List<Integer> numbers) {
        return numbers.stream()
                .map(number -> String.valueOf(letter(number)))
                .collect(Collectors.joining());
    }
}
