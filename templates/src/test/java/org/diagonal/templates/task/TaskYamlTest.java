package org.diagonal.templates.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.diagonal.templates.template.Label;
import org.diagonal.templates.template.Real;
import org.diagonal.templates.template.Template;
import org.diagonal.templates.template.Token;
import org.diagonal.templates.template.Wildcard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskYamlTest {

    static final String REAL =
            """
            format: 1
            name: order
            about: Does the first symbol come last?
            labels: real
            tokens: characters
            wildcards: [α, β]
            templates:
              - {template: αβα, label: 1}
              - {template: αβS, label: -0.5}
            """;

    static final String SYMBOLIC =
            """
            format: 1
            name: gift
            version: 3
            about: Who has it?
            source: this test
            labels: symbolic
            tokens: words
            wildcards: [α, β]
            templates:
              - template: If α gives β 5, who has 5?
                label: β
                probability: 0.25
              - template: If α takes β 5, who has 5?
                label: 5
                probability: 0.75
            """;

    @Test
    void aFileIsATask() throws IOException {
        Task task = parse(SYMBOLIC);
        assertThat(task.name()).isEqualTo("gift");
        assertThat(task.version()).isEqualTo(3);
        assertThat(task.source()).contains("this test");
        assertThat(task.kind()).isEqualTo(LabelKind.SYMBOLIC);
        assertThat(task.length()).isEqualTo(10);
        assertThat(task.templates().get(0).label()).isEqualTo(new Wildcard("β"));
        assertThat(task.templates().get(1).label()).isEqualTo(new Token("5"));
        assertThat(task.templates().get(1).probability()).isEqualTo(0.75);
        assertThat(task.tokens().stream().map(Token::text))
                .containsExactly("If", "gives", "5", ",", "who", "has", "?", "takes");
    }

    @Test
    void templatesAreEquallyProbableUnlessTheFileSaysSo() throws IOException {
        Task task = parse(REAL);
        assertThat(task.version()).isEqualTo(1);
        assertThat(task.noise()).isZero();
        assertThat(task.templates()).allMatch(template -> template.probability() == 0.5);
        assertThat(task.templates().get(1).label()).isEqualTo(new Real(-0.5));
    }

    @Test
    void aGreekTokenIsRegularWhenTheFileSaysSo() throws IOException {
        String text = REAL.replace("αβS", "αβω") + "regular: [ω]\n";
        assertThat(parse(text).tokens()).containsExactly(new Token("ω"));
        assertThat(parse(TaskYaml.write(parse(text)))).isEqualTo(parse(text));
    }

    @Property(tries = 200)
    void whatIsWrittenReadsAsTheSameTask(@ForAll("tasks") Task task) throws IOException {
        assertThat(parse(TaskYaml.write(task))).isEqualTo(task);
    }

    /** Tasks of disjoint templates of any characters that YAML may hold. */
    @Provide
    Arbitrary<Task> tasks() {
        Arbitrary<List<String>> texts =
                Arbitraries.strings()
                        .withChars("αβγ =:,\"'#{}-1é\n")
                        .ofLength(4)
                        .list()
                        .ofMinSize(1)
                        .ofMaxSize(6);
        Arbitrary<Double> numbers = Arbitraries.doubles().between(-1e6, 1e6).ofScale(4);
        Arbitrary<Double> noise = Arbitraries.doubles().between(0, 2);
        return Combinators.combine(texts, numbers, noise)
                .as(TaskYamlTest::task)
                .filter(Optional::isPresent)
                .map(Optional::get);
    }

    private static Optional<Task> task(List<String> texts, double number, double noise) {
        List<Wildcard> names = Stream.of("α", "β", "γ").map(Wildcard::new).toList();
        List<LabelledTemplate> kept = new ArrayList<>();
        TreeSet<String> used = new TreeSet<>();
        for (String text : texts) {
            Label label = new Real(number + kept.size());
            LabelledTemplate next = LabelledTemplate.of(text, Cut.CHARACTERS, names, label, 1);
            Template template = next.template();
            if (kept.stream().allMatch(other -> other.template().isDisjoint(template))) {
                kept.add(next);
                template.wildcards().forEach(wildcard -> used.add(wildcard.name()));
            }
        }
        if (used.isEmpty()) {
            return Optional.empty();
        }
        List<LabelledTemplate> equal =
                kept.stream()
                        .map(
                                t ->
                                        new LabelledTemplate(
                                                t.text(),
                                                t.template(),
                                                t.label(),
                                                1.0 / kept.size()))
                        .toList();
        return Optional.of(
                new Task(
                        "any",
                        2,
                        "Anything: \"quoted\" # or not",
                        Optional.of("é"),
                        LabelKind.REAL,
                        Cut.CHARACTERS,
                        used.stream().map(Wildcard::new).toList(),
                        noise,
                        equal));
    }

    @Test
    void aFileIsReadFromDisk(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("task.yaml"), REAL);
        assertThat(TaskYaml.read(file)).isEqualTo(parse(REAL));
        Path missing = folder.resolve("none.yaml");
        assertThatThrownBy(() -> TaskYaml.read(missing))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(missing + ": there is no such task file");
    }

    static Task parse(String text) throws IOException {
        return TaskYaml.parse("my.yaml", text.getBytes(StandardCharsets.UTF_8));
    }
}
