package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.diagonal.eval.cli.console.HelpTextTest;
import org.diagonal.eval.cli.console.Program;
import org.diagonal.eval.cli.console.ResultStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A result that stdout does not take is a failure, said in one line. */
@Tag("slow")
final class UnprintedTest {

    @TempDir static Path work;

    /** Takes some bytes and no more, as a disk that fills. */
    private static final class Full extends OutputStream {

        private final String reason;
        private int left;

        Full(String reason, int left) {
            this.reason = reason;
            this.left = left;
        }

        @Override
        public void write(int value) throws IOException {
            if (left-- <= 0) {
                throw new IOException(reason);
            }
        }
    }

    private static Toy.Result run(String reason, int left, Object... words) {
        StringWriter err = new StringWriter();
        String[] args = Stream.of(words).map(Object::toString).toArray(String[]::new);
        int code =
                new Program(
                                new Tiny.Everything(),
                                new ResultStream(new Full(reason, left)),
                                new PrintWriter(err, true))
                        .run(args);
        return new Toy.Result(code, "", err.toString());
    }

    static List<List<Object>> commands() throws IOException {
        Path model = Tiny.model(work.resolve("model"), 16, 3);
        Path text = Tiny.text(work.resolve("text.txt"), 20, 1);
        List<List<Object>> commands = new ArrayList<>();
        HelpTextTest.commands().forEach(command -> commands.add(List.of(command.name(), "--help")));
        commands.add(List.of("models"));
        commands.add(List.of("models", "nano"));
        commands.add(List.of("data"));
        Path sweep =
                Files.writeString(
                        work.resolve("s.yaml"),
                        "base: {task: aba-abb, n: 4, trials: 1}\ngrid: {lr: [1, 2]}\n");
        commands.add(List.of("sweep", "--list"));
        commands.add(List.of("sweep", sweep, "--plan"));
        commands.add(List.of("curve", "--data", "task:aba-abb", "--plan", "--out", work));
        commands.add(List.of("runs", work));
        commands.add(List.of("runs", work, "--json", "-"));
        commands.add(List.of("cache"));
        commands.add(List.of("cache", "--json", "-"));
        commands.add(List.of("help"));
        commands.add(List.of("help", "tasks", "sample"));
        List.of("bash", "zsh", "fish").forEach(one -> commands.add(List.of("completion", one)));
        commands.add(List.of("kernel", "--quiet", "--data", "task:aba-abb"));
        commands.add(List.of("tasks", "list"));
        commands.add(List.of("tasks", "sample", "aba-abb", "--n", 3));
        commands.add(List.of("evaluate", "--quiet", "--model", model, "--data", text));
        commands.add(
                List.of("evaluate", "--quiet", "--model", model, "--data", text, "--json", "-"));
        commands.add(List.of("inspect", "--quiet", "--model", model));
        commands.add(List.of("generate", "--quiet", "--model", model, "--prompt", "the"));
        return commands;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandFailsThatCannotPrintItsResult(List<Object> words) {
        for (int left : new int[] {0, 2}) {
            Toy.Result result = run("No space left on device", left, words.toArray());
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.errors()).hasSize(1);
            assertThat(result.err())
                    .endsWith(
                            ": stdout: the result could not be printed:"
                                    + " No space left on device\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Broken pipe | its reader has closed it",
                "Bad file descriptor | it is closed",
                "Input/output error | Input/output error"
            })
    void theReasonIsTheSystems(String reason, String words) {
        assertThat(run(reason, 5, "models").err()).endsWith(" be printed: " + words + "\n");
        assertThat(run(reason, 5, "generate", "--model", "nano", "--prompt", "A").err())
                .endsWith(" be printed: " + words + "\n");
    }

    @Tag("process")
    @Test
    void aProcessWithAFullOrClosedStdoutExitsWithOne() throws Exception {
        for (String redirection : List.of("> /dev/full", ">&-")) {
            List<String> line = new ArrayList<>();
            line.addAll(List.of("/bin/sh", "-c", "exec \"$@\" " + redirection, "-"));
            line.addAll(Tiny.line("models"));
            File output = work.resolve("output").toFile();
            Process process = Tiny.start(line, output);
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(output).content().startsWith("diagonal models: stdout: the result could");
        }
    }
}
