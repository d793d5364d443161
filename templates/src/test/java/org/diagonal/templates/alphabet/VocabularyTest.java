package org.diagonal.templates.alphabet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.diagonal.templates.catalogue.Catalogue;
import org.diagonal.templates.task.LabelKind;
import org.diagonal.templates.task.Task;
import org.diagonal.templates.task.TaskYaml;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Samples for networks with a tokenizer: GPT-2's own, and bytes. */
class VocabularyTest {

    private static final AlphabetSizes SIZES = new AlphabetSizes(40, 30, 20);

    private static HuggingFaceTokenizer gpt2;
    private static HuggingFaceTokenizer bytes;

    @BeforeAll
    static void open() throws IOException {
        gpt2 = Tokenizers.gpt2();
        bytes = Tokenizers.bytes();
    }

    @AfterAll
    static void close() {
        gpt2.close();
        bytes.close();
    }

    @Test
    void theTokenizerIsGpt2s() {
        assertThat(gpt2.encode("Hello world", false, false).getIds()).containsExactly(15496, 995);
    }

    @ParameterizedTest(name = "{0} with {1}")
    @CsvSource({
        "same-different, WORDS",
        "aba-abb, WORDS",
        "majority-4, WORDS",
        "symbolic-majority-5, WORDS",
        "'random-templates:r=10,k=5,wildcards=3,tokens=4,seed=1', WORDS",
        "programs, WORDS",
        "programs, NAMES",
        "symbolic-programs, WORDS",
        "symbolic-programs, NAMES",
        "print, WORDS",
        "print, NAMES",
        "copy, WORDS",
        "copy, NAMES",
        "word-problem, WORDS",
        "word-problem, NAMES",
        "symbolic-word-problem, WORDS",
        "symbolic-word-problem, NAMES",
        "distribution-of-3, WORDS",
        "match-to-sample, WORDS",
        "raven, WORDS"
    })
    void aTokenizerGivesTheSamplesIdsForItsText(String name, SymbolKind kind) throws IOException {
        Task task = Catalogue.task(name);
        Alphabets alphabets =
                Alphabets.inVocabulary(task, gpt2, Tokenizers.GPT2_SIZE, kind, SIZES, 1);
        checkTexts(alphabets, gpt2);
        assertThat(alphabets.intersections()).allMatch(both -> both.shared().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"aba-abb, 26", "symbolic-programs, 24", "copy, 30", "raven, 30"})
    void lettersAreTheSymbolsOfBytes(String name, int training) throws IOException {
        Alphabets alphabets =
                Alphabets.inVocabulary(
                        Catalogue.task(name),
                        bytes,
                        Tokenizers.BYTES_SIZE,
                        SymbolKind.NAMES,
                        new AlphabetSizes(training, 10, 10),
                        1);
        checkTexts(alphabets, bytes);
    }

    /** The law: what is trained on is what the tokenizer makes of the text, and lengths stay. */
    private static void checkTexts(Alphabets alphabets, HuggingFaceTokenizer tokenizer) {
        Map<Integer, Integer> lengths = new HashMap<>();
        for (Role role : Role.values()) {
            Samples samples = Samples.draw(alphabets, role, 100, 7);
            for (int i = 0; i < samples.count(); i++) {
                String text = samples.text(i);
                assertThat(ids(tokenizer, text)).as(text).isEqualTo(samples.ids(i));
                int length = lengths.merge(samples.template(i), samples.length(i), (a, b) -> a);
                assertThat(samples.length(i)).isEqualTo(length);
                if (samples.task().kind() == LabelKind.SYMBOLIC) {
                    boolean spaced =
                            tokenizer.decode(new long[] {samples.labelId(i)}).startsWith(" ");
                    String answered = text + (spaced ? " " : "") + samples.labelText(i);
                    assertThat(ids(tokenizer, answered))
                            .as(answered)
                            .isEqualTo(
                                    IntStream.concat(
                                                    Arrays.stream(samples.ids(i)),
                                                    IntStream.of(samples.labelId(i)))
                                            .toArray());
                    assertThat(samples.candidates(i)).contains(samples.labelId(i));
                }
            }
        }
    }

    private static int[] ids(HuggingFaceTokenizer tokenizer, String text) {
        return LongStream.of(tokenizer.encode(text, false, false).getIds())
                .mapToInt(id -> (int) id)
                .toArray();
    }

    @Test
    void unseenSymbolsDoNotDependOnTheTrainingAlphabet() throws IOException {
        Task task = Catalogue.task("aba-abb");
        List<Alphabets> two =
                Stream.of(16, 800)
                        .map(
                                n ->
                                        Alphabets.inVocabulary(
                                                task,
                                                gpt2,
                                                Tokenizers.GPT2_SIZE,
                                                SymbolKind.WORDS,
                                                AlphabetSizes.ofTraining(n),
                                                1))
                        .toList();
        for (Role role : List.of(Role.VALIDATION, Role.TEST)) {
            assertThat(two.get(0).alphabet(role)).isEqualTo(two.get(1).alphabet(role));
        }
        List<Symbol> few = two.get(0).alphabet(Role.TRAINING).symbols();
        assertThat(two.get(1).alphabet(Role.TRAINING).symbols().subList(0, 16)).isEqualTo(few);
    }

    @Test
    void wordsOfTheTemplateAreNoSymbols() throws IOException {
        Task without = task(real("Say α."));
        Task with = task(real("Say α to many people."));
        assertThatThrownBy(() -> words(without, 30_000))
                .hasMessageContaining("the vocabulary has 18948 usable words");
        assertThatThrownBy(() -> words(with, 30_000))
                .hasMessageContaining("the vocabulary has 18946 usable words");
    }

    private static String real(String template) {
        return """
                labels: real
                tokens: words
                wildcards: [α]
                templates:
                  - template: %s
                    label: 1
                """
                .formatted(template);
    }

    private static Alphabets words(Task task, int training) {
        return Alphabets.inVocabulary(
                task,
                gpt2,
                Tokenizers.GPT2_SIZE,
                SymbolKind.WORDS,
                AlphabetSizes.ofTraining(training),
                1);
    }

    @Test
    void aLabelThatIsATokenIsTheOneThatFollowsTheText() throws IOException {
        Task task = answers("yes", "no");
        Alphabets alphabets =
                Alphabets.inVocabulary(
                        task, gpt2, Tokenizers.GPT2_SIZE, SymbolKind.WORDS, SIZES, 1);
        checkTexts(alphabets, gpt2);
        Samples samples = Samples.draw(alphabets, Role.TEST, 20, 1);
        for (int i = 0; i < 20; i++) {
            assertThat(gpt2.decode(new long[] {samples.labelId(i)}))
                    .isEqualTo(samples.template(i) == 0 ? " yes" : " no");
        }
    }

    @Test
    void aLabelOfMoreTokensIsRefused() throws IOException {
        Task task = answers("yes", "antidisestablishment");
        assertThatThrownBy(
                        () ->
                                Alphabets.inVocabulary(
                                        task,
                                        gpt2,
                                        Tokenizers.GPT2_SIZE,
                                        SymbolKind.WORDS,
                                        SIZES,
                                        1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "t: label \"antidisestablishment\" is not one token behind the text: \"Is")
                .hasMessageEndingWith("\"Is| inn| discuss|?| ant|idis|establishment\"");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "aba-abb ; NAMES ; 40 ; `aba-abb: names run together: \"apeideoruction\" becomes"
                        + " \"ape|ide|or|uction\"; take words, or change the text around the"
                        + " wildcards`",
                "same-different ; WORDS ; 30000 ; same-different: the vocabulary has 18948 usable"
                        + " words, but 30200 are needed (training 30000 + validation 100 + test"
                        + " 100): take smaller alphabets or names",
            })
    void whatTheVocabularyCannotRenderIsRefused(
            String name, SymbolKind kind, int training, String message) throws IOException {
        Task task = Catalogue.task(name);
        assertThatThrownBy(
                        () ->
                                Alphabets.inVocabulary(
                                        task,
                                        gpt2,
                                        Tokenizers.GPT2_SIZE,
                                        kind,
                                        AlphabetSizes.ofTraining(training),
                                        1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void aVocabularyThatIsTooSmallSaysHowManyThereAre() throws IOException {
        Task task = Catalogue.task("symbolic-programs");
        assertThatThrownBy(
                        () ->
                                Alphabets.inVocabulary(
                                        task,
                                        bytes,
                                        Tokenizers.BYTES_SIZE,
                                        SymbolKind.NAMES,
                                        AlphabetSizes.ofTraining(16),
                                        1))
                .hasMessage(
                        "symbolic-programs: the vocabulary has 47 usable names, but 216 are needed"
                                + " (training 16 + validation 100 + test 100): take smaller"
                                + " alphabets or words");
        assertThatThrownBy(
                        () ->
                                Alphabets.inVocabulary(
                                        task,
                                        bytes,
                                        Tokenizers.BYTES_SIZE,
                                        SymbolKind.WORDS,
                                        AlphabetSizes.ofTraining(16),
                                        1))
                .hasMessageContaining("the vocabulary has 0 usable words");
    }

    @Test
    void placesWithAndWithoutASpaceCannotShareOneToken() throws IOException {
        Task task =
                task(
                        """
                        labels: real
                        tokens: characters
                        wildcards: [α, β]
                        templates:
                          - {template: α = β, label: 1}
                        """);
        assertThatThrownBy(
                        () ->
                                Alphabets.inVocabulary(
                                        task,
                                        gpt2,
                                        Tokenizers.GPT2_SIZE,
                                        SymbolKind.NAMES,
                                        SIZES,
                                        1))
                .hasMessage(
                        "t: names stand with and without a space in front, which are different"
                                + " tokens: \"x = x\"; take words, or change the text around the"
                                + " wildcards");
        checkTexts(
                Alphabets.inVocabulary(
                        task, gpt2, Tokenizers.GPT2_SIZE, SymbolKind.WORDS, SIZES, 1),
                gpt2);
    }

    @Test
    void anIdBeyondTheNetworksVocabularyIsRefused() throws IOException {
        Task task = task(real("Hello α"));
        assertThatThrownBy(
                        () ->
                                Alphabets.inVocabulary(
                                        task, gpt2, 15_000, SymbolKind.WORDS, SIZES, 1))
                .hasMessageStartingWith("t: \"Hello ")
                .hasMessageEndingWith(", but the network knows 15000 ids");
    }

    private static Task answers(String yes, String no) throws IOException {
        return task(
                """
                labels: symbolic
                tokens: words
                wildcards: [α, β]
                templates:
                  - {template: 'Is α α?', label: %s}
                  - {template: 'Is α β?', label: %s}
                """
                        .formatted(yes, no));
    }

    private static Task task(String rest) throws IOException {
        String text = "format: 1\nname: t\nabout: A test.\n" + rest;
        return TaskYaml.parse("t.yaml", text.getBytes(StandardCharsets.UTF_8));
    }
}
