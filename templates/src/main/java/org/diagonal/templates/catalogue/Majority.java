package org.diagonal.templates.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.diagonal.templates.task.Cut;
import org.diagonal.templates.task.Task;
import org.diagonal.templates.template.Label;
import org.diagonal.templates.template.Real;

/** The majority tasks of a length: all strings of two wildcards. */
final class Majority {

    static final String REAL_NAME = "majority-K";
    static final String REAL_ABOUT =
            "Is the first of K symbols in the majority of the others? K is 2 to 12.";
    static final String SYMBOLIC_NAME = "symbolic-majority-K";
    static final String SYMBOLIC_ABOUT = "Which of two symbols is in the majority? K is odd.";

    private static final int LONGEST = 12;
    private static final String SOURCE = "Boix-Adserà et al. 2023, arXiv 2310.09753, ";

    private Majority() {}

    /**
     * All templates α w₂ … w_K with w in {α, β}; 1 if more than half of the others are α, else −1.
     */
    static Task real(String name, int length) {
        checkLength(name, length);
        List<String> texts = new ArrayList<>();
        List<Label> labels = new ArrayList<>();
        for (int bits = 0; bits < 1 << (length - 1); bits++) {
            texts.add(text(bits, length));
            labels.add(new Real(2 * (length - 1 - Integer.bitCount(bits)) > length - 1 ? 1 : -1));
        }
        String about =
                REAL_ABOUT.replace("K symbols", length + " symbols").replace(" K is 2 to 12.", "");
        return Task.uniform(
                name,
                about,
                SOURCE + "appendix B",
                Cut.CHARACTERS,
                Greek.wildcards(2),
                texts,
                labels);
    }

    /** All strings of α and β with more α; the label is α. */
    static Task symbolic(String name, int length) {
        checkLength(name, length);
        if (length % 2 == 0) {
            throw new IllegalArgumentException(
                    "%s: an even number of symbols can be without majority, expected an odd one"
                            .formatted(name));
        }
        List<String> texts =
                IntStream.range(0, 1 << length)
                        .filter(bits -> 2 * Integer.bitCount(bits) < length)
                        .mapToObj(bits -> text(bits, length))
                        .toList();
        List<Label> labels = texts.stream().map(text -> (Label) Greek.wildcards(1).get(0)).toList();
        return Task.uniform(
                name,
                SYMBOLIC_ABOUT.replace(" K is odd.", ""),
                SOURCE + "section 1.1",
                Cut.CHARACTERS,
                Greek.wildcards(2),
                texts,
                labels);
    }

    private static void checkLength(String name, int length) {
        if (length < 2 || length > LONGEST) {
            throw new IllegalArgumentException(
                    "%s: expected a length from 2 to %d, as there are 2^(K−1) templates"
                            .formatted(name, LONGEST));
        }
    }

    /** The highest bit first, 0 for α. */
    private static String text(int bits, int length) {
        return Greek.text(
                IntStream.range(0, length).mapToObj(i -> (bits >> (length - 1 - i)) & 1).toList());
    }
}
