package org.diagonal.templates.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a file is one line: the file, the key, what was found, what is right. */
class TaskYamlFaultsTest {

    @Test
    void anAliasIsNotTakenForItsName() {
        String yaml =
                """
                format: 1
                name: a
                about: b
                labels: tokens
                tokens: letters
                wildcards: [A]
                templates:
                - template: 'A'
                  label: &l same
                - template: 'AA'
                  label: *l
                """;
        assertThatThrownBy(() -> TaskYaml.parse("t.yaml", yaml.getBytes(StandardCharsets.UTF_8)))
                .hasMessage(
                        "t.yaml: line 11: *l is an alias, which is not read: write the value itself");
    }

    @ParameterizedTest(name = "{3}")
    @MethodSource("faults")
    void aFaultIsOneLineWithFileKeyAndWhatIsRight(
            String text, String what, String instead, String message) {
        assertThat(text).as("the text has what is replaced").contains(what);
        assertThatThrownBy(() -> TaskYamlTest.parse(text.replace(what, instead)))
                .isInstanceOf(FileSystemException.class)
                .hasMessage("my.yaml: " + message);
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(
                        TaskYamlTest.REAL,
                        "wildcards:",
                        "wildcard:",
                        "unknown key \"wildcard\"; did you mean wildcards? (known: format, name,"
                                + " version, about, source, labels, tokens, wildcards, regular,"
                                + " noise, templates)"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "αβα, label",
                        "αβα, lable",
                        "templates[0]: unknown key \"lable\"; did you mean label? (known: template,"
                                + " label, probability)"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "format: 1\n",
                        "",
                        "format: is missing, expected the number of" + " the file format, 1"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "format: 1",
                        "format: 2",
                        "format: unknown format 2, expected 1"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "labels: real",
                        "labels: reel",
                        "labels: unknown value \"reel\"; did you mean real? (known: real,"
                                + " symbolic)"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "tokens: characters",
                        "tokens: bytes",
                        "tokens: unknown value \"bytes\" (known: characters, words)"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "αβS",
                        "αβα",
                        "templates[1] \"αβα\" stands there twice, as templates[0] too"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "αβS",
                        "βαβ",
                        "templates[1] \"βαβ\" is templates[0] \"αβα\" with other wildcards: keep"
                                + " one of them"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "αβS",
                        "αSα",
                        "templates[0] \"αβα\" and templates[1] \"αSα\" are not disjoint: \"QSQ\""
                                + " matches both"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "αβS",
                        "αβ",
                        "templates[1] \"αβ\" has 2 tokens, templates[0] \"αβα\" has 3: the"
                                + " templates of a task must be equally long"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "αβS",
                        "αβγ",
                        "templates[1]: \"γ\" of \"αβγ\" looks like a wildcard but is not declared:"
                                + " add it to wildcards, or to regular if it stands for itself"),
                Arguments.of(
                        TaskYamlTest.REAL.replace("αβα", "α β α").replace("αβS", "αβ S x"),
                        "tokens: characters",
                        "tokens: words",
                        "templates[1]: \"αβ\" of \"αβ S x\" looks like a wildcard but is not"
                                + " declared: put spaces between wildcards, or cut into"
                                + " characters"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "templates:",
                        "regular: [S, β]\ntemplates:",
                        "regular: \"β\" is a wildcard too; a token is one or the other"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "templates:",
                        "regular: [T]\ntemplates:",
                        "templates[1]: \"S\" of \"αβS\" is neither among the wildcards nor the"
                                + " regular tokens"),
                Arguments.of(
                        TaskYamlTest.REAL, "[α, β]", "[α, β, α]", "wildcards: α is listed twice"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "[α, β]",
                        "[α, β, γ]",
                        "wildcards: γ is in no template: use it or remove it"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "[α, β]",
                        "[α, β, xy]",
                        "wildcards: \"xy\" is not one token when a text is cut into characters"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "[α, β]",
                        "α",
                        "wildcards: expected a list of names, as in [α, β], found \"α\""),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "[α, β]",
                        "[α, β, 7]",
                        "wildcards[2]: expected a text, found \"7\"; put it in quotes"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "label: 1}",
                        "label: one}",
                        "templates[0].label: expected a number, as labels are real, found"
                                + " \"one\""),
                Arguments.of(
                        TaskYamlTest.REAL,
                        ", label: 1}",
                        "}",
                        "templates[0].label: is missing, expected a number, as labels are real"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "label: 1}",
                        "label: .inf}",
                        "line 8: not YAML: Malformed numeric value '.inf'; texts with , ? : # or"
                                + " brackets need quotes"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "αβS",
                        "''",
                        "templates[1].template: expected the template's text, found \"\""),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "templates:",
                        "noise: -0.1\ntemplates:",
                        "noise: a standard deviation must be finite and at least 0, found -0.1"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "templates:",
                        "version: 0\ntemplates:",
                        "version: must be at least 1, found 0"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "name: order",
                        "name: ' '",
                        "name: expected one line of text, found" + " \" \""),
                Arguments.of(
                        TaskYamlTest.SYMBOLIC,
                        "label: β",
                        "label: α\n    probability: 0.25\n  - template: If nobody gives β 5, who"
                                + " has 5?\n    label: α",
                        "templates[1].label: wildcard α is not in the template \"If nobody gives β"
                                + " 5, who has 5?\", which has β"),
                Arguments.of(
                        TaskYamlTest.SYMBOLIC,
                        "label: β",
                        "label: a friend",
                        "templates[0].label: \"a friend\" is not one token when a text is cut into"
                                + " words"),
                Arguments.of(
                        TaskYamlTest.SYMBOLIC,
                        "label: 5",
                        "label: true",
                        "templates[1].label: expected a token or a wildcard, as labels are"
                                + " symbolic, found \"true\"; put it in quotes"),
                Arguments.of(
                        TaskYamlTest.SYMBOLIC,
                        "probability: 0.75",
                        "probability: 0.7",
                        "templates: probabilities add up to 0.95, expected 1"),
                Arguments.of(
                        TaskYamlTest.SYMBOLIC,
                        "    probability: 0.75\n",
                        "",
                        "templates[1].probability: is missing, expected a number, as other"
                                + " templates have one"),
                Arguments.of(
                        TaskYamlTest.SYMBOLIC,
                        "probability: 0.25",
                        "probability: 0",
                        "templates[0].probability: expected a number above 0 and at most 1, found"
                                + " 0.0"),
                Arguments.of(
                        TaskYamlTest.SYMBOLIC,
                        "version: 3",
                        "noise: 0.5",
                        "noise: symbolic labels have none, found 0.5"),
                Arguments.of(
                        TaskYamlTest.REAL.substring(0, TaskYamlTest.REAL.indexOf("templates:"))
                                + "templates: []\n",
                        "[]",
                        "[]",
                        "templates: a task needs at least one"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "  - {template: αβα, label: 1}",
                        "  - αβα",
                        "templates[0]: expected keys with values (template, label, probability),"
                                + " found \"αβα\""),
                Arguments.of(
                        TaskYamlTest.REAL,
                        TaskYamlTest.REAL,
                        "",
                        "is empty, expected a task of format 1"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        TaskYamlTest.REAL,
                        "hello",
                        "expected keys with values (format, name, version, about, source, labels,"
                                + " tokens, wildcards, regular, noise, templates), found"
                                + " \"hello\""),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "name: order",
                        "name: a\nname: b",
                        "line 3: not YAML: Duplicate field 'name'; texts with , ? : # or"
                                + " brackets need quotes"),
                Arguments.of(
                        TaskYamlTest.REAL,
                        "[α, β]",
                        "[α, β",
                        "line 7: not YAML: while parsing a flow sequence, expected ',' or"
                                + " ']', but got :; texts with , ? : # or"
                                + " brackets need quotes"));
    }

    @Test
    void bytesThatAreNoTextAreRefusedInOneLine() {
        byte[] content = TaskYamlTest.REAL.getBytes(StandardCharsets.UTF_16);
        assertThatThrownBy(() -> TaskYaml.parse("my.yaml", content))
                .isInstanceOf(FileSystemException.class)
                .hasMessageStartingWith("my.yaml: ")
                .extracting(fault -> fault.getMessage().lines().count())
                .isEqualTo(1L);
        byte[] latin =
                TaskYamlTest.REAL.replace("order", "é").getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> TaskYaml.parse("my.yaml", latin))
                .isInstanceOf(FileSystemException.class)
                .hasMessageStartingWith("my.yaml: ");
        byte[] zero = TaskYamlTest.REAL.replace("order", "\u0000").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> TaskYaml.parse("my.yaml", zero))
                .isInstanceOf(FileSystemException.class)
                .hasMessageStartingWith("my.yaml: ");
    }

    @Test
    void aKeyThatIsAnAliasIsNotTakenForItsName() {
        String yaml = TaskYamlTest.REAL.replace("name: order", "&k name: order\n*k : other");
        assertThatThrownBy(() -> TaskYamlTest.parse(yaml))
                .hasMessageContaining("a key is an alias, which is not read")
                .hasMessageNotContaining("AliasEvent");
    }

    @Test
    void aSecondDocumentIsRefused() {
        assertThatThrownBy(
                        () ->
                                TaskYamlTest.parse(
                                        TaskYamlTest.REAL + "---\n" + TaskYamlTest.SYMBOLIC))
                .isInstanceOf(FileSystemException.class)
                .hasMessage("my.yaml: has a second document, expected one");
    }

    @Test
    void whatIsNotUtf8IsRefusedWithThePlace(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("task.yaml");
        Files.write(file, new byte[] {'n', 'a', 'm', 'e', ':', ' ', (byte) 0xE9, '\n'});
        assertThatThrownBy(() -> TaskYaml.read(file))
                .hasMessage(file + ": is not UTF-8: unexpected byte 0xE9 at offset 6");
        Files.writeString(file, "name: x\n", StandardCharsets.UTF_16LE);
        byte[] half = Files.readAllBytes(file);
        byte[] marked = new byte[half.length + 2];
        marked[0] = (byte) 0xFF;
        marked[1] = (byte) 0xFE;
        System.arraycopy(half, 0, marked, 2, half.length);
        Files.write(file, marked);
        assertThatThrownBy(() -> TaskYaml.read(file))
                .hasMessage(file + ": is UTF-16, expected UTF-8");
    }
}
