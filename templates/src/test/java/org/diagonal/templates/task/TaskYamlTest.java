package org.diagonal.templates.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TaskYamlTest {

    private static final String REAL =
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

    private static final String SYMBOLIC =
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

    @ParameterizedTest(name = "{3}")
    @MethodSource("faults")
    void aFaultIsOneLineWithFileKeyAndWhatIsRight(
            String text, String what, String instead, String message) {
        assertThat(text).as("the text has what is replaced").contains(what);
        assertThatThrownBy(() -> parse(text.replace(what, instead)))
                .isInstanceOf(FileSystemException.class)
                .hasMessage("my.yaml: " + message);
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(
                        REAL,
                        "wildcards:",
                        "wildcard:",
                        "unknown key \"wildcard\", did you mean wildcards? (known: format, name,"
                                + " version, about, source, labels, tokens, wildcards, regular,"
                                + " noise, templates)"),
                Arguments.of(
                        REAL,
                        "αβα, label",
                        "αβα, lable",
                        "templates[0]: unknown key \"lable\", did you mean label? (known: template,"
                                + " label, probability)"),
                Arguments.of(
                        REAL,
                        "format: 1\n",
                        "",
                        "format: is missing, expected the number of" + " the file format, 1"),
                Arguments.of(
                        REAL, "format: 1", "format: 2", "format: unknown format 2, expected 1"),
                Arguments.of(
                        REAL,
                        "labels: real",
                        "labels: reel",
                        "labels: unknown value \"reel\", did you mean real? (known: real,"
                                + " symbolic)"),
                Arguments.of(
                        REAL,
                        "tokens: characters",
                        "tokens: bytes",
                        "tokens: unknown value \"bytes\" (known: characters, words)"),
                Arguments.of(
                        REAL,
                        "αβS",
                        "αβα",
                        "templates[1] \"αβα\" stands there twice, as templates[0] too"),
                Arguments.of(
                        REAL,
                        "αβS",
                        "βαβ",
                        "templates[1] \"βαβ\" is templates[0] \"αβα\" with other wildcards: keep"
                                + " one of them"),
                Arguments.of(
                        REAL,
                        "αβS",
                        "αSα",
                        "templates[0] \"αβα\" and templates[1] \"αSα\" are not disjoint: \"QSQ\""
                                + " matches both"),
                Arguments.of(
                        REAL,
                        "αβS",
                        "αβ",
                        "templates[1] \"αβ\" has 2 tokens, templates[0] \"αβα\" has 3: the"
                                + " templates of a task must be equally long"),
                Arguments.of(
                        REAL,
                        "αβS",
                        "αβγ",
                        "templates[1]: \"γ\" of \"αβγ\" looks like a wildcard but is not declared:"
                                + " add it to wildcards, or to regular if it stands for itself"),
                Arguments.of(
                        REAL.replace("αβα", "α β α").replace("αβS", "αβ S x"),
                        "tokens: characters",
                        "tokens: words",
                        "templates[1]: \"αβ\" of \"αβ S x\" looks like a wildcard but is not"
                                + " declared: put spaces between wildcards, or cut into"
                                + " characters"),
                Arguments.of(
                        REAL,
                        "templates:",
                        "regular: [S, β]\ntemplates:",
                        "regular: \"β\" is a wildcard too; a token is one or the other"),
                Arguments.of(
                        REAL,
                        "templates:",
                        "regular: [T]\ntemplates:",
                        "templates[1]: \"S\" of \"αβS\" is neither among the wildcards nor the"
                                + " regular tokens"),
                Arguments.of(REAL, "[α, β]", "[α, β, α]", "wildcards: α is listed twice"),
                Arguments.of(
                        REAL,
                        "[α, β]",
                        "[α, β, γ]",
                        "wildcards: γ is in no template: use it or remove it"),
                Arguments.of(
                        REAL,
                        "[α, β]",
                        "[α, β, xy]",
                        "wildcards: \"xy\" is not one token when a text is cut into characters"),
                Arguments.of(
                        REAL,
                        "[α, β]",
                        "α",
                        "wildcards: expected a list of names, as in [α, β], found \"α\""),
                Arguments.of(
                        REAL,
                        "[α, β]",
                        "[α, β, 7]",
                        "wildcards[2]: expected a text, found \"7\"; put it in quotes"),
                Arguments.of(
                        REAL,
                        "label: 1}",
                        "label: one}",
                        "templates[0].label: expected a number, as labels are real, found"
                                + " \"one\""),
                Arguments.of(
                        REAL,
                        ", label: 1}",
                        "}",
                        "templates[0].label: is missing, expected a number, as labels are real"),
                Arguments.of(
                        REAL,
                        "label: 1}",
                        "label: .inf}",
                        "line 8: not YAML: Malformed numeric value '.inf'; texts with , ? : # or"
                                + " brackets need quotes"),
                Arguments.of(
                        REAL,
                        "αβS",
                        "''",
                        "templates[1].template: expected the template's text, found \"\""),
                Arguments.of(
                        REAL,
                        "templates:",
                        "noise: -0.1\ntemplates:",
                        "noise: a standard deviation must be finite and at least 0, found -0.1"),
                Arguments.of(
                        REAL,
                        "templates:",
                        "version: 0\ntemplates:",
                        "version: must be at least 1, found 0"),
                Arguments.of(
                        REAL,
                        "name: order",
                        "name: ' '",
                        "name: expected one line of text, found" + " \" \""),
                Arguments.of(
                        SYMBOLIC,
                        "label: β",
                        "label: α\n    probability: 0.25\n  - template: If nobody gives β 5, who"
                                + " has 5?\n    label: α",
                        "templates[1].label: wildcard α is not in the template \"If nobody gives β"
                                + " 5, who has 5?\", which has β"),
                Arguments.of(
                        SYMBOLIC,
                        "label: β",
                        "label: a friend",
                        "templates[0].label: \"a friend\" is not one token when a text is cut into"
                                + " words"),
                Arguments.of(
                        SYMBOLIC,
                        "label: 5",
                        "label: true",
                        "templates[1].label: expected a token or a wildcard, as labels are"
                                + " symbolic, found \"true\"; put it in quotes"),
                Arguments.of(
                        SYMBOLIC,
                        "probability: 0.75",
                        "probability: 0.7",
                        "templates: probabilities add up to 0.95, expected 1"),
                Arguments.of(
                        SYMBOLIC,
                        "    probability: 0.75\n",
                        "",
                        "templates[1].probability: is missing, expected a number, as other"
                                + " templates have one"),
                Arguments.of(
                        SYMBOLIC,
                        "probability: 0.25",
                        "probability: 0",
                        "templates[0].probability: expected a number above 0 and at most 1, found"
                                + " 0.0"),
                Arguments.of(
                        SYMBOLIC,
                        "version: 3",
                        "noise: 0.5",
                        "noise: symbolic labels have none, found 0.5"),
                Arguments.of(
                        REAL.substring(0, REAL.indexOf("templates:")) + "templates: []\n",
                        "[]",
                        "[]",
                        "templates: a task needs at least one"),
                Arguments.of(
                        REAL,
                        "  - {template: αβα, label: 1}",
                        "  - αβα",
                        "templates[0]: expected keys with values (template, label, probability),"
                                + " found \"αβα\""),
                Arguments.of(REAL, REAL, "", "is empty, expected a task of format 1"),
                Arguments.of(
                        REAL,
                        REAL,
                        "hello",
                        "expected keys with values (format, name, version, about, source, labels,"
                                + " tokens, wildcards, regular, noise, templates), found"
                                + " \"hello\""),
                Arguments.of(
                        REAL,
                        "name: order",
                        "name: a\nname: b",
                        "line 3: not YAML: Duplicate field 'name'; texts with , ? : # or"
                                + " brackets need quotes"),
                Arguments.of(
                        REAL,
                        "[α, β]",
                        "[α, β",
                        "line 7: not YAML: while parsing a flow sequence, expected ',' or"
                                + " ']', but got :; texts with , ? : # or"
                                + " brackets need quotes"));
    }

    @Test
    void bytesThatAreNoTextAreRefusedInOneLine() {
        byte[] content = REAL.getBytes(StandardCharsets.UTF_16);
        assertThatThrownBy(() -> TaskYaml.parse("my.yaml", content))
                .isInstanceOf(FileSystemException.class)
                .hasMessageStartingWith("my.yaml: ")
                .extracting(fault -> fault.getMessage().lines().count())
                .isEqualTo(1L);
        byte[] latin = REAL.replace("order", "é").getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> TaskYaml.parse("my.yaml", latin))
                .isInstanceOf(FileSystemException.class)
                .hasMessageStartingWith("my.yaml: ");
        byte[] zero = REAL.replace("order", "\u0000").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> TaskYaml.parse("my.yaml", zero))
                .isInstanceOf(FileSystemException.class)
                .hasMessageStartingWith("my.yaml: ");
    }

    @Test
    void aSecondDocumentIsRefused() {
        assertThatThrownBy(() -> parse(REAL + "---\n" + SYMBOLIC))
                .isInstanceOf(FileSystemException.class)
                .hasMessage("my.yaml: has a second document, expected one task");
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

    private static Task parse(String text) throws IOException {
        return TaskYaml.parse("my.yaml", text.getBytes(StandardCharsets.UTF_8));
    }
}
