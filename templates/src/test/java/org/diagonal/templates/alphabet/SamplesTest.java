package org.diagonal.templates.alphabet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.diagonal.templates.catalogue.Catalogue;
import org.diagonal.templates.task.Task;
import org.diagonal.templates.task.TaskYaml;
import org.diagonal.templates.template.Template;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Samples for networks from scratch. */
class SamplesTest {

    private static final String NOISY =
            """
            format: 1
            name: noisy
            about: Three templates with different probabilities and noise.
            labels: real
            tokens: characters
            wildcards: [α, β]
            noise: 0.5
            templates:
              - {template: αβα, label: 1, probability: 0.5}
              - {template: αββ, label: -1, probability: 0.3}
              - {template: ααS, label: 7, probability: 0.2}
            """;

    private static final String ANSWERS =
            """
            format: 1
            name: answers
            about: Are two words the same?
            labels: symbolic
            tokens: words
            wildcards: [α, β]
            templates:
              - {template: 'Is α α?', label: yes}
              - {template: 'Is α β?', label: no}
            """;

    @Property(tries = 60)
    void aSampleMatchesItsTemplateAndNoOther(
            @ForAll @IntRange(min = 1, max = 500) int seed,
            @ForAll @IntRange(min = 2, max = 9) int tasks)
            throws IOException {
        Task task =
                Catalogue.task(
                        "random-templates:r=%d,k=6,wildcards=4,tokens=3,seed=%d"
                                .formatted(tasks, seed));
        Samples samples =
                Samples.draw(
                        Alphabets.fromScratch(task, new AlphabetSizes(8, 9, 10)),
                        Role.TEST,
                        20,
                        seed);
        for (int i = 0; i < samples.count(); i++) {
            List<String> string = samples.tokens(i);
            int drawn = samples.template(i);
            for (int t = 0; t < tasks; t++) {
                Template template = task.templates().get(t).template();
                assertThat(template.matches(string)).as("%s", string).isEqualTo(t == drawn);
            }
            assertThat(samples.substitution(i).symbols().values())
                    .doesNotContainAnyElementsOf(
                            task.tokens().stream().map(token -> token.text()).toList())
                    .doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"aabb-abab", "symbolic-programs", "word-problem", "raven", "majority-6"})
    void idsAreTheTokensOfTheString(String name) throws IOException {
        Task task = Catalogue.task(name);
        Alphabets alphabets = Alphabets.fromScratch(task, AlphabetSizes.ofTraining(10));
        for (Role role : Role.values()) {
            Samples samples = Samples.draw(alphabets, role, 50, 3);
            List<Symbol> symbols = alphabets.alphabet(role).symbols();
            for (int i = 0; i < samples.count(); i++) {
                int[] ids = samples.ids(i);
                List<String> tokens = samples.tokens(i);
                assertThat(ids).hasSize(task.length()).hasSize(samples.length(i));
                for (int t = 0; t < ids.length; t++) {
                    String text = tokens.get(t);
                    int id = ids[t];
                    assertThat(
                                    id < task.tokens().size()
                                            ? task.tokens().get(id).text()
                                            : symbols.get(id - symbols.get(0).id()).text())
                            .isEqualTo(text);
                }
                long[] row = new long[ids.length + 2];
                samples.copyIds(i, row, 1);
                assertThat(Arrays.stream(row).skip(1).limit(ids.length).toArray())
                        .isEqualTo(Arrays.stream(ids).asLongStream().toArray());
                assertThat(task.cut().tokens(samples.text(i)))
                        .isEqualTo(task.cut().tokens(task.cut().join(tokens)));
            }
        }
    }

    @Property(tries = 30)
    void theSameSeedDrawsTheSameAndMoreSamplesBeginWithTheFewer(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int count) throws IOException {
        Alphabets alphabets = Alphabets.fromScratch(noisy(), AlphabetSizes.ofTraining(20));
        Samples few = Samples.draw(alphabets, Role.TRAINING, count, seed);
        Samples many = Samples.draw(alphabets, Role.TRAINING, 2 * count, seed);
        assertThat(Samples.draw(alphabets, Role.TRAINING, count, seed).sha256())
                .isEqualTo(few.sha256());
        for (int i = 0; i < count; i++) {
            assertThat(many.ids(i)).isEqualTo(few.ids(i));
            assertThat(many.label(i)).isEqualTo(few.label(i));
        }
        assertThat(many.sha256()).isNotEqualTo(few.sha256());
        assertThat(Samples.draw(alphabets, Role.TRAINING, 40, seed + 1).sha256())
                .isNotEqualTo(Samples.draw(alphabets, Role.TRAINING, 40, seed).sha256());
    }

    @Test
    void samplesAreTheseOnEveryMachine() throws IOException {
        Alphabets alphabets = Alphabets.fromScratch(noisy(), AlphabetSizes.ofTraining(20));
        Samples samples = Samples.draw(alphabets, Role.VALIDATION, 1000, 1);
        assertThat(IntStream.range(0, 4).mapToObj(samples::text))
                .containsExactly("b97b97S", "b17b67b67", "b15b5b5", "b59b59S");
        assertThat(samples.label(0)).isEqualTo(8.487633927094572);
        assertThat(samples.label(3)).isEqualTo(7.320607972497142);
        assertThat(samples.sha256())
                .isEqualTo("ed37f2749b61223c41cf9d5959d43b8d7d9207ec4a0c279402dd957df7960ba7");
    }

    @Test
    void templatesComeByTheirProbabilityAndNoiseHasItsDeviation() throws IOException {
        Alphabets alphabets = Alphabets.fromScratch(noisy(), AlphabetSizes.ofTraining(20));
        Samples samples = Samples.draw(alphabets, Role.TRAINING, 50_000, 11);
        double[] share = new double[3];
        double noise = 0;
        double square = 0;
        for (int i = 0; i < samples.count(); i++) {
            share[samples.template(i)] += 1.0 / samples.count();
            double off = samples.label(i) - samples.cleanLabel(i);
            noise += off / samples.count();
            square += off * off / samples.count();
        }
        assertThat(share).containsExactly(new double[] {0.5, 0.3, 0.2}, within(0.01));
        assertThat(noise).isCloseTo(0, within(0.01));
        assertThat(square).isCloseTo(0.25, within(0.01));
    }

    @Test
    void everyPairOfSymbolsIsEquallyFrequent() throws IOException {
        Task task = Catalogue.task("same-different");
        Alphabets alphabets = Alphabets.fromScratch(task, new AlphabetSizes(4, 2, 2));
        Samples samples = Samples.draw(alphabets, Role.TRAINING, 48_000, 2);
        int[] pairs = new int[16];
        for (int i = 0; i < samples.count(); i++) {
            pairs[4 * samples.ids(i)[0] + samples.ids(i)[1]]++;
        }
        for (int pair = 0; pair < 16; pair++) {
            boolean same = pair / 4 == pair % 4;
            assertThat(pairs[pair]).isBetween(same ? 5600 : 1800, same ? 6400 : 2200);
        }
    }

    @Test
    void aSymbolicLabelIsTheIdOfItsSymbol() throws IOException {
        Task task = Catalogue.task("symbolic-programs");
        Alphabets alphabets = Alphabets.fromScratch(task, AlphabetSizes.ofTraining(30));
        Samples samples = Samples.draw(alphabets, Role.TEST, 100, 4);
        for (int i = 0; i < 100; i++) {
            int[] ids = samples.ids(i);
            boolean first = ids[18] == ids[0];
            assertThat(samples.labelId(i)).isEqualTo(first ? ids[3] : ids[9]);
            assertThat(samples.tokens(i).get(first ? 3 : 9)).isEqualTo(samples.labelText(i));
            assertThat(samples.candidates(i))
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrder(Arrays.stream(ids).distinct().toArray());
        }
        assertThatThrownBy(() -> samples.label(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("labels of symbolic-programs are symbolic, not real");
    }

    @Test
    void labelsThatAreTokensAreCandidatesOfEverySample() throws IOException {
        Task task = TaskYaml.parse("a", ANSWERS.getBytes(StandardCharsets.UTF_8));
        Alphabets alphabets = Alphabets.fromScratch(task, AlphabetSizes.ofTraining(5));
        assertThat(alphabets.vocabularySize()).isEqualTo(4 + 205); // Is ? yes no
        Samples samples = Samples.draw(alphabets, Role.TRAINING, 30, 4);
        for (int i = 0; i < 30; i++) {
            assertThat(samples.labelId(i)).isEqualTo(samples.template(i) == 0 ? 2 : 3);
            assertThat(samples.candidates(i)).contains(2, 3).contains(samples.ids(i));
        }
    }

    @Test
    void idsAreLaidOutFromTokensToTrainingValidationAndTest() throws IOException {
        Task task = Catalogue.task("programs");
        Alphabets alphabets = Alphabets.fromScratch(task, new AlphabetSizes(7, 5, 6));
        int tokens = task.tokens().size();
        assertThat(tokens).isEqualTo(11); // = 1 ; - p r i n t ( )
        assertThat(ids(alphabets, Role.TRAINING)).containsExactly(range(tokens, 7));
        assertThat(ids(alphabets, Role.VALIDATION)).containsExactly(range(tokens + 7, 5));
        assertThat(ids(alphabets, Role.TEST)).containsExactly(range(tokens + 12, 6));
        assertThat(alphabets.vocabularySize()).isEqualTo(tokens + 18);
        assertThat(alphabets.length()).isEqualTo(17);
        assertThat(alphabets.intersections())
                .hasSize(6)
                .allMatch(intersection -> intersection.shared().isEmpty());
    }

    @Test
    void aSymbolIsNeverWrittenAsAToken() throws IOException {
        String text = ANSWERS.replace("Is α", "a1 α");
        Task task = TaskYaml.parse("a", text.getBytes(StandardCharsets.UTF_8));
        Alphabets alphabets = Alphabets.fromScratch(task, new AlphabetSizes(3, 2, 2));
        assertThat(alphabets.alphabet(Role.TRAINING).symbols().stream().map(Symbol::text))
                .containsExactly("a0", "a2", "a3");
    }

    @ParameterizedTest(name = "{0} training, {1} validation, {2} test symbols")
    @CsvSource({
        "1, 5, 5, the training alphabet has 1",
        "5, 1, 5, the validation alphabet has 1",
        "5, 5, 1, the test alphabet has 1"
    })
    void anAlphabetSmallerThanTheWildcardsIsRefused(
            int training, int validation, int test, String words) throws IOException {
        Task task = Catalogue.task("aba-abb");
        assertThatThrownBy(
                        () ->
                                Alphabets.fromScratch(
                                        task, new AlphabetSizes(training, validation, test)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "aba-abb: an injective map needs at least 2 symbols for the wildcards of"
                                + " \"αβα\", but "
                                + words);
    }

    @Test
    void noSamplesAreRefused() throws IOException {
        Alphabets alphabets =
                Alphabets.fromScratch(Catalogue.task("copy"), AlphabetSizes.ofTraining(3));
        assertThatThrownBy(() -> Samples.draw(alphabets, Role.TEST, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the number of samples must be at least 1: 0");
        assertThatThrownBy(() -> new AlphabetSizes(0, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 1 symbol: training 0");
    }

    @Test
    void aHundredThousandSamplesTakeNoTime() throws IOException {
        Alphabets alphabets =
                Alphabets.fromScratch(
                        Catalogue.task("symbolic-programs"), AlphabetSizes.ofTraining(8192));
        Instant begin = Instant.now();
        Samples samples = Samples.draw(alphabets, Role.TRAINING, 100_000, 1);
        long[] ids = new long[100_000 * 20];
        for (int i = 0; i < samples.count(); i++) {
            samples.copyIds(i, ids, 20 * i);
        }
        Duration taken = Duration.between(begin, Instant.now());
        assertThat(Arrays.stream(ids).max().orElseThrow()).isLessThan(alphabets.vocabularySize());
        assertThat(taken).isLessThan(Duration.ofSeconds(5)); // a busy machine's most
    }

    @Test
    void strangersStayStrangers() throws IOException {
        Task task = Catalogue.task("raven");
        Alphabets alphabets = Alphabets.fromScratch(task, AlphabetSizes.ofTraining(50));
        List<Set<Integer>> seen = new ArrayList<>();
        for (Role role : Role.values()) {
            Set<Integer> ids = new HashSet<>();
            Samples samples = Samples.draw(alphabets, role, 500, 1);
            for (int i = 0; i < 500; i++) {
                Arrays.stream(samples.ids(i)).forEach(ids::add);
            }
            seen.forEach(other -> assertThat(ids).doesNotContainAnyElementsOf(other));
            seen.add(ids);
        }
    }

    private static int[] ids(Alphabets alphabets, Role role) {
        return alphabets.alphabet(role).symbols().stream().mapToInt(Symbol::id).toArray();
    }

    private static int[] range(int begin, int count) {
        return IntStream.range(begin, begin + count).toArray();
    }

    private static Task noisy() throws IOException {
        return TaskYaml.parse("noisy", NOISY.getBytes(StandardCharsets.UTF_8));
    }
}
