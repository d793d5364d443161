package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Command;

final class SweepCommandTest {

    @Command(name = "diagonal", subcommands = SweepCommand.class)
    static final class Table {}

    @TempDir Path work;

    private Toy.Result run(String words) throws IOException {
        Path file = work.resolve("my.yaml");
        Files.writeString(
                file, "base: {task: aba-abb, n: 8, trials: 2}\ngrid: {lr: [1e-3, 3e-3]}\n");
        List<String> args = new ArrayList<>(List.of("sweep"));
        args.addAll(
                Arrays.asList(
                        words.replace("FILE", file.toString())
                                .replace("OUT", work.resolve("out").toString())
                                .split(" ", -1)));
        return Toy.run(new Table(), args.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FILE | 2 | missing --out DIR",
                "--out OUT | 2 | missing FILE",
                "FILE --out OUT --jobs 0 | 2 | --jobs: must be 1 or more, not 0",
                "FILE --out OUT --shard 3/2 | 2 | --shard: a shard is i/N",
                "FILE --out OUT --scale smal | 2 | --scale: 'smal' is not one of: full, small",
                "FILE --out OUT --spark yarn --jobs 2 | 2 | --spark shares trials out itself",
                "FILE --out OUT --store x | 2 | --store is for --spark",
                "figure-31 --out OUT | 1 | unknown sweep \"figure-31\"; did you mean",
                "no.yaml --out OUT | 1 | no.yaml: there is no such sweep file",
                "FILE --out OUT --scale small | 1 | ",
                "FILE --out OUT --spark spark://127.0.0.1:1 | 1 | --spark needs Apache Spark 4",
            })
    void whatIsWrongIsOneLineAndWritesNothing(String words, int code, String message)
            throws IOException {
        Toy.Result result = run(words);
        assertThat(result.code()).isEqualTo(code);
        assertThat(result.errors().get(0))
                .startsWith("diagonal sweep: " + (message == null ? "" : message));
        assertThat(result.errors()).hasSize(code);
        assertThat(work.resolve("out")).doesNotExist();
    }

    @Test
    void aPlanCountsTrialsAndTrainsNone() throws IOException {
        Toy.Result result = run("FILE --plan");
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("report       4", "Core-hours left", "samples a second");
        assertThat(result.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    }

    @Test
    void theListAndTheHelpFitTheTerminal() throws IOException {
        Toy.Result list = run("--list");
        assertThat(list.out()).contains("figure-5a", "figure-13", "figure-24", "mimetic");
        Toy.Result help = run("--help");
        for (String text : List.of(list.out(), help.out())) {
            assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
        }
        assertThat(help.out()).contains("--spark", "--scale", "[full]", "--plan", "[1/1]");
    }
}
