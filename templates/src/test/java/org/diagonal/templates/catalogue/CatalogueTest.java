package org.diagonal.templates.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.diagonal.templates.task.LabelKind;
import org.diagonal.templates.task.LabelledTemplate;
import org.diagonal.templates.task.Overview;
import org.diagonal.templates.task.Task;
import org.diagonal.templates.task.TaskYaml;
import org.diagonal.templates.template.Real;
import org.diagonal.templates.template.Wildcard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {

    @Test
    void allTasksOfThePaperAreListed() throws IOException {
        assertThat(Catalogue.entries().stream().map(Catalogue.Entry::name))
                .containsExactly(
                        "same-different",
                        "aba-abb",
                        "aabb-abab",
                        "majority-K",
                        "symbolic-majority-K",
                        "random-templates",
                        "programs",
                        "symbolic-programs",
                        "print",
                        "copy",
                        "word-problem",
                        "symbolic-word-problem",
                        "distribution-of-3",
                        "match-to-sample",
                        "raven");
        assertThat(Catalogue.entries()).allMatch(entry -> entry.about().length() > 10);
    }

    @ParameterizedTest(name = "{0}: {1} {2} templates of {3} tokens and {4} wildcards")
    @CsvSource({
        "same-different, 2, REAL, 2, 2",
        "aba-abb, 2, REAL, 3, 2",
        "aabb-abab, 2, REAL, 4, 2",
        "majority-2, 2, REAL, 2, 2",
        "majority-8, 128, REAL, 8, 2",
        "majority-12, 2048, REAL, 12, 2",
        "symbolic-majority-3, 4, SYMBOLIC, 3, 2",
        "symbolic-majority-7, 64, SYMBOLIC, 7, 2",
        "programs, 2, REAL, 17, 2",
        "symbolic-programs, 2, SYMBOLIC, 20, 4",
        "print, 1, SYMBOLIC, 10, 1",
        "copy, 1, SYMBOLIC, 1, 1",
        "word-problem, 1, REAL, 14, 3",
        "symbolic-word-problem, 1, SYMBOLIC, 14, 4",
        "distribution-of-3, 144, REAL, 9, 4",
        "match-to-sample, 40, REAL, 9, 8",
        "raven, 37, SYMBOLIC, 8, 3",
        "'random-templates:r=10,k=5,wildcards=3,tokens=4,seed=1', 10, REAL, 5, 3"
    })
    void everyTaskIsDisjointAndSurvivesItsFile(
            String name, int templates, LabelKind kind, int length, int wildcards)
            throws IOException {
        Task task = Catalogue.task(name);
        assertThat(task.name()).isEqualTo(name);
        assertThat(task.templates()).hasSize(templates);
        assertThat(task.kind()).isEqualTo(kind);
        assertThat(task.length()).isEqualTo(length);
        assertThat(task.mostWildcards()).isEqualTo(wildcards);
        assertThat(Overview.of(task, 100).notDisjoint()).isZero();
        byte[] file = TaskYaml.write(task).getBytes(StandardCharsets.UTF_8);
        assertThat(TaskYaml.parse(name, file)).isEqualTo(task);
    }

    @Test
    void theFirstSymbolHasTheMajorityIfMoreThanHalfOfTheOthersEqualIt() throws IOException {
        Task even = Catalogue.task("majority-4");
        assertThat(labels(even))
                .containsEntry("αααβ", "1")
                .containsEntry("αααα", "1")
                .containsEntry("αβαα", "1")
                .containsEntry("αβαβ", "-1")
                .containsEntry("αβββ", "-1");
        assertThat(labels(Catalogue.task("majority-3")))
                .isEqualTo(Map.of("ααα", "1", "ααβ", "-1", "αβα", "-1", "αββ", "-1"));
    }

    @Test
    void theSymbolOfTheMajorityIsTheLabel() throws IOException {
        assertThat(labels(Catalogue.task("symbolic-majority-3")))
                .isEqualTo(Map.of("ααα", "α", "ααβ", "α", "αβα", "α", "βαα", "α"));
    }

    @Test
    void theRightChoiceIsTheSymbolThatTheSecondRowLacks() throws IOException {
        for (LabelledTemplate template : Catalogue.task("distribution-of-3").templates()) {
            String text = template.text();
            int choice = (int) ((Real) template.label()).value();
            String row = text.substring(3, 5) + text.charAt(4 + choice);
            assertThat(row.chars().sorted().toArray()).isEqualTo("αβγ".chars().toArray());
        }
    }

    @Test
    void theRightTripleHasTheSamplesPattern() throws IOException {
        for (LabelledTemplate template : Catalogue.task("match-to-sample").templates()) {
            String text = template.text();
            boolean first = ((Real) template.label()).value() == 1;
            String sample = relations(text.substring(0, 3));
            assertThat(relations(text.substring(3, 6)).equals(sample)).isEqualTo(first);
            assertThat(relations(text.substring(6)).equals(sample)).isNotEqualTo(first);
        }
    }

    private static String relations(String triple) {
        return triple.chars().mapToObj(c -> "" + triple.indexOf(c)).collect(Collectors.joining());
    }

    @Test
    void theMissingCellCompletesTheGrid() throws IOException {
        List<LabelledTemplate> templates = Catalogue.task("raven").templates();
        for (LabelledTemplate template : templates.subList(0, 36)) {
            String last = template.text().substring(6) + template.label();
            assertThat(last.chars().sorted().toArray()).isEqualTo("αβγ".chars().toArray());
        }
        assertThat(templates.get(36).text()).isEqualTo("αααβββγγ");
        assertThat(templates.get(36).label()).isEqualTo(new Wildcard("γ"));
    }

    @Property(tries = 60)
    void randomLabelsAreCentredAndTheTrivialErrorIsOne(
            @ForAll @IntRange(min = 2, max = 12) int r,
            @ForAll @IntRange(min = 4, max = 9) int k,
            @ForAll @IntRange(min = 2, max = 5) int wildcards,
            @ForAll @IntRange(max = 4) int tokens,
            @ForAll long seed) {
        if (seed < -(long) 1e17 || seed > (long) 1e17 || (k == 4 && r > 7)) {
            return; // more digits than a seed may have; too few patterns
        }
        Task task = drawnByOneOf20Seeds(r, k, wildcards, tokens, seed);
        Overview overview = Overview.of(task, 100);
        assertThat(overview.notDisjoint()).isZero();
        assertThat(overview.trivialLoss()).isCloseTo(1, within(1e-9));
        double mean =
                task.templates().stream()
                        .mapToDouble(t -> ((Real) t.label()).value())
                        .average()
                        .orElseThrow();
        assertThat(mean).isCloseTo(0, within(1e-9));
    }

    /**
     * A seed may draw no wildcard: 1 in 26 for two strings of 4 among 2 wildcards and 4 letters.
     */
    private static Task drawnByOneOf20Seeds(int r, int k, int wildcards, int tokens, long first) {
        for (long seed = first; seed < first + 19; seed++) {
            try {
                return new RandomTemplates(r, k, wildcards, tokens, seed).task();
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("no template has a wildcard; take another seed");
            }
        }
        return new RandomTemplates(r, k, wildcards, tokens, first + 19).task();
    }

    @Test
    void stringsWithoutAWildcardAreNoTask() {
        assertThatThrownBy(() -> new RandomTemplates(2, 4, 2, 4, 21).task())
                .hasMessage(
                        "random-templates:r=2,k=4,wildcards=2,tokens=4,seed=21: no template has a"
                                + " wildcard; take another seed or more wildcards");
    }

    @Test
    void aRandomTaskIsThisOnEveryMachine() throws IOException {
        Task task = Catalogue.task("random-templates:seed=7,r=3,tokens=2");
        assertThat(task.name()).isEqualTo("random-templates:r=3,k=5,wildcards=2,tokens=2,seed=7");
        assertThat(labels(task))
                .isEqualTo(
                        Map.of(
                                "BBAAα", "0.08073459795618537",
                                "αAααA", "-1.2631147968367633",
                                "αβAαβ", "1.1823801988805782"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "same-diferent | unknown task \"same-diferent\"; did you mean same-different?",
                "majority-K | majority-K: put a length in place of K, as in majority-3",
                "majority-1 | majority-1: expected a length from 2 to 12",
                "symbolic-majority-4 | an even number of symbols can be without majority",
                "random-templates:r=1 | r must be from 2 to 2048, found 1",
                "random-templates:r=99999999999 | random-templates: r is out of range: 99999999999",
                "random-templates:wildcard=2 | unknown parameter \"wildcard\"; did you mean"
                        + " wildcards?",
                "random-templates:r | expected NAME=NUMBER, as in r=10,k=5, found \"r\"",
                "random-templates:r=2,r=3 | random-templates: r is given twice",
                "random-templates:r=5,k=2 | found 2 disjoint templates and none in"
            })
    void aNameThatIsNoTaskIsRefused(String name, String message) {
        assertThatThrownBy(() -> Catalogue.task(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"task.yaml", "task.yml"})
    void aPathIsAFile(String name, @TempDir Path folder) throws IOException {
        Path file = folder.resolve(name);
        assertThatThrownBy(() -> Catalogue.task(file.toString()))
                .isInstanceOf(NoSuchFileException.class);
        Task task = Catalogue.task("copy");
        Files.writeString(file, TaskYaml.write(task));
        assertThat(Catalogue.task(file.toString())).isEqualTo(task);
    }

    private static Map<String, String> labels(Task task) {
        Map<String, String> labels = new TreeMap<>();
        task.templates().forEach(t -> labels.put(t.text(), t.label().toString()));
        return labels;
    }
}
