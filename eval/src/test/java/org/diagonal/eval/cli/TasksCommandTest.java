package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.diagonal.templates.catalogue.Catalogue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code diagonal tasks}, and template tasks that the other commands refuse. */
final class TasksCommandTest {

    private static final String FILE =
            """
            format: 1
            name: order
            about: Does the first symbol come last?
            labels: real
            tokens: characters
            wildcards: [α, β]
            templates:
              - {template: αβα, label: 1}
              - {template: αββ, label: -1}
            """;

    @TempDir Path work;

    private static List<String> lines(Object... words) {
        Toy.Result result = Tiny.run(words);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        assertThat(result.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
        return result.out().lines().toList();
    }

    @Test
    void theListHasEveryTaskOfTheCatalogue() throws IOException {
        List<String> lines = lines("tasks", "list");
        for (Catalogue.Entry entry : Catalogue.entries()) {
            assertThat(lines).anyMatch(line -> line.startsWith(entry.name() + " "));
        }
        assertThat(lines("tasks")).isEqualTo(lines);
    }

    @Test
    void everyTaskCanBeShown() throws IOException {
        for (Catalogue.Entry entry : Catalogue.entries()) {
            List<String> lines = lines("tasks", "show", entry.name().replace("-K", "-3"));
            assertThat(lines).anyMatch(line -> line.startsWith("Disjoint   no string matches two"));
        }
        assertThat(lines("tasks", "show", "aba-abb", "--n", "50"))
                .contains(
                        "αβα           1       0.5000",
                        "αββ          -1       0.5000",
                        "Diversity  ρ = 25.0 with 50 symbols to train with");
    }

    @Test
    void samplesAreRowsOfCsvAndFollowTheSeed() {
        List<String> rows = lines("tasks", "sample", "aba-abb", "--n", "20", "--seed", "3");
        assertThat(rows).hasSize(21);
        assertThat(rows.get(0)).isEqualTo("text,label,template");
        for (String row : rows.subList(1, 21)) {
            assertThat(row).matches("(a\\d+)(a\\d+)\\1,1,αβα|(a\\d+)(a\\d+)\\4,-1,αββ");
        }
        assertThat(lines("tasks", "sample", "aba-abb", "--n", "20", "--seed", "3")).isEqualTo(rows);
        assertThat(lines("tasks", "sample", "aba-abb", "--n", "20", "--seed", "4"))
                .isNotEqualTo(rows);
        assertThat(lines("tasks", "sample", "aba-abb", "--role", "test").get(1)).startsWith("c");
    }

    @Test
    void aGoodFileIsTaken() throws IOException {
        Path file = Files.writeString(work.resolve("order.yaml"), FILE);
        Toy.Result result = Tiny.run("tasks", "check", file);
        assertThat(result.code()).isZero();
        assertThat(result.out()).startsWith(file + " is a task: order\n");
        assertThat(result.out().replaceAll("\\s+", " "))
                .contains("Theory nonsingular kernel (λ_min 4.3", " samples to a loss of 0.1");
        assertThat(lines("tasks", "sample", file, "--n", "3")).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "labels: real | label: real | unknown key",
                "{template: αββ, label: -1} | {template: βαβ, label: -1} | αβα",
                "{template: αββ, label: -1} | {template: ααβ, label: γ} | γ",
                "format: 1 | format: 2 | format",
                "template: αββ, | template: αββ, probability: 0.9, | probabilit",
                "label: 1} | label: one} | one",
            })
    void aBadFileIsRefusedInOneLine(String from, String to, String names) throws IOException {
        assertThat(FILE).contains(from);
        Path file = Files.writeString(work.resolve("bad.yaml"), FILE.replace(from, to));
        Toy.Result result = Tiny.run("tasks", "check", file);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors())
                .singleElement()
                .asString()
                .startsWith("diagonal tasks check: " + file)
                .contains(names);
        assertThat(result.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tasks show aba-aba | 1 | unknown task \"aba-aba\"; did you mean aba-abb?",
                "tasks sample aba-abb --n 0 | 2 | --n: must be 1 or more, not 0",
                "tasks sample aba-abb --alphabet 1 | 1 | an injective map needs at least 2 symbols",
                "tasks check W/nothing.yaml | 1 | W/nothing.yaml: no such file",
                "curve --data task:aba-aba --out W/c | 1 | unknown task \"aba-aba\"; did you mean",
                "curve --data task:aba-abb --out W/c --n 0 | 2 | --n: must be 1 or more, not 0",
                "curve --data task:aba-abb --out W/c --n 1 | 1 | an injective map needs at least 2",
                "curve --data task:aba-abb --out W/c --arms none,kq | 2 | --arms: 'kq' is not one of",
                "evaluate --model nano --data task:aba-aba | 1 | unknown task \"aba-aba\"; did you",
                "fine-tune --model nano --data task:copy --out W/r --block-size 8 | 2 | --block-size"
                        + " is for texts, not for --data task:NAME",
                "evaluate --model nano --data task:copy --protocol lm-eval | 2 | --protocol is for"
                        + " texts, not for --data task:NAME",
                "compare --data task:copy --out W/r --stride 8 | 2 | --stride is for texts, not for"
                        + " --data task:NAME",
                "compare --data task:copy --out W/r --test-data x | 2 | --test-data: --data is"
                        + " a template task (task:NAME), so this must be one, too, not 'x'",
                "fine-tune --model nano --data europarl --out W/r --samples 9 | 2 | --samples is for"
                        + " --data task:NAME, not for texts",
                "compare --out W/r --symbols names | 2 | --symbols is for --data task:NAME, not for"
                        + " texts",
                "evaluate --model nano --data europarl --data-seed 3 | 2 | --data-seed is for --data"
                        + " task:NAME, not for texts",
                "evaluate --model nano --data task:copy --samples 9 | 2 | unknown option --samples",
                "compare a b --data task:copy --samples 9 | 2 | --samples is for training, not for"
                        + " two folders",
                "fine-tune --model nano --data task:copy --out W/r --alphabets 5 | 2 | --alphabets:"
                        + " expected three sizes such as 500,100,100, found 1",
                "fine-tune --model nano --data task:copy --out W/r --alphabets 99999,9,9 | 1 |"
                        + " usable words, but",
                "evaluate --model nano --data task:aba-abb | 1 | task:aba-abb has real labels, and"
                        + " nano has no head for them: fine-tune it on the task first",
            })
    void misuseIsOneLineAndLeavesNothing(String words, int code, String message)
            throws IOException {
        String[] line = words.replace("W/", work + "/").split(" ");
        Toy.Result result = Tiny.run((Object[]) line);
        assertThat(result.code()).isEqualTo(code);
        assertThat(result.err().lines().filter(l -> !l.startsWith("See ")).toList())
                .singleElement()
                .asString()
                .contains(message.replace("W/", work + "/"));
        try (var files = Files.list(work)) {
            assertThat(files).isEmpty();
        }
    }
}
