package org.diagonal.templates.alphabet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.diagonal.templates.catalogue.Catalogue;
import org.diagonal.templates.task.Task;
import org.diagonal.templates.task.TaskYaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Alphabets of one task for strings of another. */
class TransferTest {

    private static final AlphabetSizes SIZES = new AlphabetSizes(9, 5, 6);

    private static Task task(String labels, String wildcards, String... templates)
            throws Exception {
        StringBuilder text =
                new StringBuilder(
                        """
                        format: 1
                        name: other
                        about: Another one.
                        labels: %s
                        tokens: characters
                        wildcards: [%s]
                        templates:
                        """
                                .formatted(labels, wildcards));
        for (String template : templates) {
            text.append("  - {template: ").append(template).append("}\n");
        }
        return TaskYaml.parse("other.yaml", text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Task distractors() throws Exception {
        return task("real", "α, β, γ, δ", "αγβδα, label: 1", "αγβδβ, label: -1");
    }

    @Property(tries = 30)
    void theSameTaskDrawsTheSameSamples(@ForAll @IntRange(min = 1, max = 50) int count)
            throws Exception {
        for (String name : List.of("aba-abb", "copy", "symbolic-programs", "programs")) {
            Alphabets alphabets = Alphabets.fromScratch(Catalogue.task(name), SIZES);
            Alphabets again = alphabets.with(Catalogue.task(name));
            for (Role role : Role.values()) {
                assertThat(Samples.draw(again, role, count, 7).sha256())
                        .isEqualTo(Samples.draw(alphabets, role, count, 7).sha256());
            }
        }
    }

    @Test
    void aSymbolHasTheSameIdInStringsOfTheOtherTask() throws Exception {
        Alphabets alphabets = Alphabets.fromScratch(Catalogue.task("aba-abb"), SIZES);
        Alphabets other = alphabets.with(distractors());
        assertThat(other.length()).isEqualTo(5);
        assertThat(other.vocabularySize()).isEqualTo(alphabets.vocabularySize());
        for (Role role : List.of(Role.TRAINING, Role.TEST)) {
            Set<Integer> known =
                    alphabets.alphabet(role).symbols().stream()
                            .map(Symbol::id)
                            .collect(Collectors.toSet());
            Samples samples = Samples.draw(other, role, 200, 3);
            Set<Integer> used = new HashSet<>();
            for (int i = 0; i < samples.count(); i++) {
                IntStream.of(samples.ids(i)).forEach(used::add);
            }
            assertThat(used).isEqualTo(known);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "aba-abb | symbolic | 'αβα, label: α' | other has symbolic labels, and aba-abb, the"
                        + " training task, has real ones",
                "aba-abb | real | 'αβα, label: 2' | other has the label 2, which is not a label of"
                        + " aba-abb, the training task: -1, 1",
                "aba-abb | real | 'αβS, label: 1' | other has the token \"S\", which aba-abb, the"
                        + " training task, does not have",
                "copy | symbolic | 'αβ, label: x' | other has the label x, which is not a label of"
                        + " copy, the training task: α",
            })
    void whatTheTrainingTaskDoesNotHaveIsRefused(
            String trained, String labels, String template, String message) throws Exception {
        Alphabets alphabets = Alphabets.fromScratch(Catalogue.task(trained), SIZES);
        Task other = task(labels, "α, β", template);
        assertThatThrownBy(() -> alphabets.with(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void moreWildcardsThanSymbolsAreRefused() throws Exception {
        Task wide = distractors();
        Alphabets alphabets =
                Alphabets.fromScratch(Catalogue.task("aba-abb"), new AlphabetSizes(9, 2, 3));
        assertThatThrownBy(() -> alphabets.with(wide))
                .hasMessage(
                        "other: an injective map needs at least 4 symbols for the wildcards of"
                                + " \"αγβδα\", but the test alphabet has 3");
        assertThat(
                        Alphabets.fromScratch(Catalogue.task("aba-abb"), new AlphabetSizes(9, 2, 4))
                                .with(wide)
                                .length())
                .isEqualTo(5);
    }

    @Test
    void aVocabularyKeepsItsSymbolsAndTheSameTaskItsSamples() throws Exception {
        try (HuggingFaceTokenizer gpt2 = Tokenizers.gpt2()) {
            Task trained = Catalogue.task("aba-abb");
            Alphabets alphabets =
                    Alphabets.inVocabulary(
                            trained, gpt2, Tokenizers.GPT2_SIZE, SymbolKind.WORDS, SIZES, 42);
            Alphabets same = alphabets.with(trained, gpt2, SymbolKind.WORDS);
            Alphabets longer = alphabets.with(distractors(), gpt2, SymbolKind.WORDS);
            for (Role role : Role.values()) {
                assertThat(Samples.draw(same, role, 40, 7).sha256())
                        .isEqualTo(Samples.draw(alphabets, role, 40, 7).sha256());
                assertThat(longer.alphabet(role)).isEqualTo(alphabets.alphabet(role));
            }
            assertThat(longer.length()).isEqualTo(5);
        }
    }

    @Test
    void aSymbolThatIsATokenOfTheOtherTaskIsRefused() throws Exception {
        try (HuggingFaceTokenizer gpt2 = Tokenizers.gpt2()) {
            Alphabets alphabets =
                    Alphabets.inVocabulary(
                            Catalogue.task("aba-abb"),
                            gpt2,
                            Tokenizers.GPT2_SIZE,
                            SymbolKind.WORDS,
                            SIZES,
                            42);
            String taken = alphabets.alphabet(Role.TEST).symbols().get(2).text();
            Task other =
                    TaskYaml.parse(
                            "other.yaml",
                            """
                            format: 1
                            name: other
                            about: Another one.
                            labels: real
                            tokens: words
                            wildcards: [α, β]
                            templates:
                              - {template: 'α %s β', label: 1}
                            """
                                    .formatted(taken)
                                    .getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> alphabets.with(other, gpt2, SymbolKind.WORDS))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\"" + taken + "\", a symbol of the training task");
        }
    }
}
