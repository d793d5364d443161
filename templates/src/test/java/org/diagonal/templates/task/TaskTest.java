package org.diagonal.templates.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.diagonal.templates.template.Real;
import org.diagonal.templates.template.Token;
import org.diagonal.templates.template.Wildcard;
import org.junit.jupiter.api.Test;

class TaskTest {

    @Test
    void diversityIsTheAlphabetOverTheMostWildcards() {
        Task task = task(List.of("αβα", "αSS"), 3, -1);
        assertThat(task.mostWildcards()).isEqualTo(2);
        assertThat(task.diversity(64)).isEqualTo(32);
    }

    @Test
    void anAlphabetSmallerThanTheWildcardsIsRefused() {
        Task task = task(List.of("αSS", "αβα"), 3, -1);
        assertThat(task.diversity(2)).isEqualTo(1);
        assertThatThrownBy(() -> task.diversity(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "test: an injective map needs at least 2 symbols for the wildcards of"
                                + " \"αβα\", but the alphabet has 1");
    }

    @Test
    void anOverviewCountsPairsAndTellsTheLossOfTheBestConstant() {
        Overview overview = Overview.of(task(List.of("αβα", "αSS"), 3, -1), 10);
        assertThat(overview.diversity()).isEqualTo(5);
        assertThat(overview.length()).isEqualTo(3);
        assertThat(overview.pairs()).isEqualTo(1);
        assertThat(overview.notDisjoint()).isZero();
        assertThat(overview.trivialLoss()).isCloseTo(4, within(1e-12)); // mean 1, off by 2
    }

    @Test
    void templatesThatAreNotDisjointAreRefusedWhateverTheirLabels() {
        assertThatThrownBy(() -> task(List.of("αβα", "αSα"), 1, 1))
                .hasMessage(
                        "templates[0] \"αβα\" and templates[1] \"αSα\" are not disjoint: \"QSQ\""
                                + " matches both");
    }

    @Test
    void aSymbolicLabelIsNeverANumber() {
        assertThatThrownBy(
                        () ->
                                Task.uniform(
                                        "test",
                                        "A test.",
                                        "none",
                                        Cut.CHARACTERS,
                                        List.of(new Wildcard("α")),
                                        List.of("αS", "Tα"),
                                        List.of(new Token("S"), new Real(2))))
                .hasMessage("templates[1].label: \"2\" is a number, but labels are symbolic");
    }

    private static Task task(List<String> texts, double... labels) {
        return Task.uniform(
                "test",
                "A test.",
                "none",
                Cut.CHARACTERS,
                List.of(new Wildcard("α"), new Wildcard("β")),
                texts,
                List.of(new Real(labels[0]), new Real(labels[1])));
    }
}
