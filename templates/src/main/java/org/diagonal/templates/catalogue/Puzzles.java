package org.diagonal.templates.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.diagonal.templates.task.Cut;
import org.diagonal.templates.task.Task;
import org.diagonal.templates.template.Label;
import org.diagonal.templates.template.Real;

/** The psychometric tasks of the paper's figure 3, a token for each drawn symbol. */
final class Puzzles {

    static final String DISTRIBUTION_OF_3 = "distribution-of-3";
    static final String DISTRIBUTION_ABOUT =
            "Which of four symbols completes the second row to the symbols of the first?";
    static final String MATCH_TO_SAMPLE = "match-to-sample";
    static final String MATCH_ABOUT =
            "Which of two triples has the same relations as the first triple?";
    static final String RAVEN = "raven";
    static final String RAVEN_ABOUT =
            "Which symbol completes a 3×3 grid, for one attribute of Raven's matrices?";

    private static final String SOURCE =
            "Boix-Adserà et al. 2023, arXiv 2310.09753, figure 3 and appendix A";
    private static final List<Integer> ROW = List.of(0, 1, 2);

    /** The equality patterns of three symbols. */
    private static final List<List<Integer>> TRIPLES =
            List.of(
                    List.of(0, 0, 0),
                    List.of(0, 0, 1),
                    List.of(0, 1, 0),
                    List.of(0, 1, 1),
                    List.of(0, 1, 2));

    private Puzzles() {}

    /**
     * The row αβγ, then the first two of one of its 6 permutations, then one of 24 permutations of
     * four choices; the label is the place of the right choice, from 1.
     */
    static Task distributionOf3() {
        List<String> texts = new ArrayList<>();
        List<Label> labels = new ArrayList<>();
        for (List<Integer> row : permutations(ROW)) {
            for (List<Integer> choices : permutations(List.of(0, 1, 2, 3))) {
                texts.add(Greek.text(joined(List.of(ROW, row.subList(0, 2), choices))));
                labels.add(new Real(1 + choices.indexOf(row.get(2))));
            }
        }
        return task(DISTRIBUTION_OF_3, DISTRIBUTION_ABOUT, 4, texts, labels);
    }

    /**
     * A triple and two candidates, all of different symbols; 1 if the first candidate has the
     * triple's pattern, −1 if the second has. 5 patterns, 2 sides, 4 patterns of the other one.
     */
    static Task matchToSample() {
        List<String> texts = new ArrayList<>();
        List<Label> labels = new ArrayList<>();
        int wildcards = 0;
        for (List<Integer> same : TRIPLES) {
            for (List<Integer> other : TRIPLES) {
                if (!same.equals(other)) {
                    for (boolean first : new boolean[] {true, false}) {
                        List<Integer> cells =
                                apart(List.of(same, first ? same : other, first ? other : same));
                        wildcards =
                                Math.max(
                                        wildcards,
                                        1 + cells.stream().max(Integer::compare).orElseThrow());
                        texts.add(Greek.text(cells));
                        labels.add(new Real(first ? 1 : -1));
                    }
                }
            }
        }
        return task(MATCH_TO_SAMPLE, MATCH_ABOUT, wildcards, texts, labels);
    }

    /**
     * A grid whose last cell is missing: the row αβγ and two of its 6 permutations each (36), or
     * three constant rows (1); the label is the missing symbol.
     */
    static Task raven() {
        List<String> texts = new ArrayList<>();
        List<Label> labels = new ArrayList<>();
        for (List<Integer> second : permutations(ROW)) {
            for (List<Integer> third : permutations(ROW)) {
                texts.add(Greek.text(joined(List.of(ROW, second, third.subList(0, 2)))));
                labels.add(Greek.wildcards(3).get(third.get(2)));
            }
        }
        texts.add(Greek.text(List.of(0, 0, 0, 1, 1, 1, 2, 2)));
        labels.add(Greek.wildcards(3).get(2));
        return task(RAVEN, RAVEN_ABOUT, 3, texts, labels);
    }

    private static Task task(
            String name, String about, int wildcards, List<String> texts, List<Label> labels) {
        return Task.uniform(
                name, about, SOURCE, Cut.CHARACTERS, Greek.wildcards(wildcards), texts, labels);
    }

    private static List<Integer> joined(List<List<Integer>> parts) {
        return parts.stream().flatMap(List::stream).toList();
    }

    /** The parts behind each other, every one with numbers of its own. */
    private static List<Integer> apart(List<List<Integer>> parts) {
        List<Integer> all = new ArrayList<>();
        for (List<Integer> part : parts) {
            int next = all.stream().mapToInt(i -> i + 1).max().orElse(0);
            part.forEach(number -> all.add(next + number));
        }
        return all;
    }

    /** In the lexicographic order of places. */
    private static List<List<Integer>> permutations(List<Integer> values) {
        if (values.isEmpty()) {
            return List.of(List.of());
        }
        return IntStream.range(0, values.size())
                .boxed()
                .flatMap(
                        i -> {
                            List<Integer> rest = new ArrayList<>(values);
                            Integer head = rest.remove(i.intValue());
                            return permutations(rest).stream()
                                    .map(tail -> joined(List.of(List.of(head), tail)));
                        })
                .toList();
    }
}
