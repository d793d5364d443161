package org.diagonal.eval.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.diagonal.eval.cli.Tiny;
import org.diagonal.eval.cli.Toy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Disks that take no more, and places that take nothing: one line that names the file, for every
 * command that writes one. In the tables, W is the folder of this test.
 */
@Tag("slow")
final class FullDiskTest {

    @TempDir static Path work;

    @BeforeAll
    static void inputs() throws IOException {
        Path model = Tiny.model(work.resolve("model"), 16, 3);
        Tiny.text(work.resolve("text.txt"), 20, 1);
        Files.writeString(work.resolve("file"), "");
        Files.writeString(
                work.resolve("sweep.yaml"),
                """
                base: {task: aba-abb, n: 4, trials: 1, network: mlp, width: 4, epochs: 1}
                grid: {lr: [1, 2]}
                """);
        Toy.Result result =
                Tiny.run("inspect", "--quiet", "--model", model, "--out", work.resolve("heads"));
        assertThat(result.err()).isEmpty();
        result = Tiny.run("export", "--quiet", "--model", model, "--out", work.resolve("onnx"));
        assertThat(result.err()).isEmpty();
        // token ids are in the cache then, whichever test comes first
        for (String line :
                new String[] {
                    "evaluate --quiet --model W/model --data W/text.txt",
                    "fine-tune --quiet --model W/model --data W/text.txt --max-steps 1 --out W/run"
                }) {
            result = Tiny.run((Object[]) words(line));
            assertThat(result.err()).isEmpty();
        }
    }

    private static String[] words(String line) {
        return line.replace("W/", work + "/").split(" ");
    }

    private static List<String> failing(List<String> line, String... environment) throws Exception {
        File output = File.createTempFile("output", ".txt", work.toFile());
        List<String> brief = new ArrayList<>(line);
        int option = brief.indexOf("-cp"); // too long for ONNX Runtime
        brief.remove(option);
        String classPath = brief.remove(option);
        ProcessBuilder builder =
                new ProcessBuilder(brief)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD) // the limit is for files
                        .redirectError(output);
        builder.environment().put("CLASSPATH", classPath);
        for (String each : environment) {
            builder.environment().put(each.split("=", 2)[0], each.split("=", 2)[1]);
        }
        Process process = builder.start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        List<String> lines =
                Files.readAllLines(output.toPath()).stream()
                        .filter(each -> !each.contains("AutoNonVariableTypeMode"))
                        .toList();
        assertThat(process.exitValue()).as(lines.toString()).isEqualTo(1);
        assertThat(lines).noneMatch(each -> each.startsWith("\tat ") || each.contains("internal"));
        return lines;
    }

    private static void assertNoParts() throws IOException {
        try (Stream<Path> files = Files.walk(work)) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".part"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "evaluate --quiet --model W/model --data W/text.txt --json W/1/e.json | W/1/e.json",
                "compare W/model W/model --quiet --data W/text.txt --out W/2 | W/2/compare.json",
                "bench --quiet --network template-transformer --batch-size 2 --steps 1 --json"
                        + " W/3.json | W/3.json",
                "inspect --quiet --model W/model --out W/4 | W/4/heads.csv",
                "report W/heads --out W/5/page.html | W/5/page.html",
                "report W/heads --force | W/heads/report.html",
                "kernel --quiet --data task:aba-abb --out W/6 | W/6/kernel.json",
                "sweep W/sweep.yaml --quiet --out W/10 | W/10/trials/",
                "fine-tune --quiet --model W/model --data W/text.txt --max-steps 1 --out W/7 |"
                        + " W/7/run.json",
                "export --quiet --model W/model --format hf --out W/8 | W/8/tokenizer.json",
                "export --quiet --model W/model --out W/9 | W/9/tokenizer.json",
            })
    void aFullDiskIsSaidWithTheFile(String line, String file) throws Exception {
        List<String> said = failing(Tiny.limited(1, Tiny.line((Object[]) words(line))));
        assertThat(said)
                .last()
                .asString()
                .matches(
                        "diagonal %s: %s%s: could not be written: File too large"
                                .formatted(
                                        line.split(" ", 2)[0],
                                        file.replace("W/", work + "/"),
                                        file.endsWith("/") ? "\\w+\\.json" : ""));
        assertNoParts();
    }

    @Test
    void aFullCacheIsSaidWithTheFile() throws Exception {
        Object[] words = words("evaluate --quiet --model nano --data W/text.txt");
        List<String> said =
                failing(Tiny.limited(1, Tiny.line(words)), "DIAGONAL_CACHE=" + work.resolve("new"));
        assertThat(said)
                .singleElement()
                .asString()
                .matches(
                        "diagonal evaluate: %s/new/models/nano-\\w+/model.safetensors: could not be written: File too large"
                                .formatted(work));
        assertNoParts();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "compare W/model W/model --quiet --data W/text.txt --out W/file/x |"
                        + " W/file/x/compare.json: cannot be written: W/file is no folder",
                "bench --quiet --json W/file/x | W/file/x: cannot be written: W/file is no folder",
                "inspect --quiet --model W/model --out W/file/x | W/file/x/inspect.json: cannot be"
                        + " written: W/file is no folder",
                "report W/heads --out W/file/x | W/file/x: cannot be written: W/file is no folder",
                "kernel --quiet --data task:aba-abb --out W/file/x | W/file/x/kernel.json: cannot be"
                        + " written: W/file is no folder",
                "sweep W/sweep.yaml --quiet --out W/file/x | W/file/x/sweep.json: cannot be written:"
                        + " W/file is no folder",
                "completion bash --out W/file | W/file/diagonal.bash: cannot be written: W/file is no"
                        + " folder",
                "curve --quiet --data task:aba-abb --network mlp --n 8 --trials 1 --out W/file/x |"
                        + " W/file/x/curve.json: cannot be written: W/file is no folder",
                "export --quiet --model W/model --out W/file/x | W/file/x: cannot be written: W/file"
                        + " is no folder",
                "export --quiet --model W/model --format hf --out W/file/x | W/file/x: cannot be"
                        + " written: W/file is no folder",
            })
    void aPlaceThatTakesNothingIsSaidWithTheFile(String line, String message) {
        Toy.Result result = Tiny.run((Object[]) words(line));
        assertThat(result.errors())
                .containsExactly(
                        "diagonal %s: %s"
                                .formatted(
                                        line.split(" ", 2)[0], message.replace("W/", work + "/")));
        assertThat(result.code()).isEqualTo(1);
    }

    /** Who may write there, as root may, learns it when the folder cannot be made. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sweep W/sweep.yaml --quiet --out /proc/x | sweep.json"
                        + " | /proc/x: cannot be made: /proc/x: cannot be made there",
                "curve --quiet --data task:aba-abb --network mlp --n 8 --trials 1 --out /proc/x"
                        + " | curve.json"
                        + " | /proc/x/trials: cannot be made: /proc/x: cannot be made there",
                "inspect --quiet --model W/model --out /proc/x | inspect.json"
                        + " | /proc/x/heads.csv: could not be written: /proc/x: cannot be made there",
            })
    void aFolderOfTheSystemIsSaid(String line, String first, String permitted) {
        boolean may = Files.isWritable(Path.of("/proc"));
        Toy.Result result = Tiny.run((Object[]) words(line));
        assertThat(result.errors())
                .containsExactly(
                        "diagonal %s: %s"
                                .formatted(
                                        line.split(" ", 2)[0],
                                        may
                                                ? permitted
                                                : "/proc/x/%s: cannot be written: no permission in /proc"
                                                        .formatted(first)));
        assertThat(result.code()).isEqualTo(1);
    }

    /** Of libraries that unpack themselves, each says something else and none what helps. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--version | no onnxruntime in java.library.path",
                "generate --model W/onnx --prompt the | no onnxruntime in java.library.path",
            })
    void aFullTemporaryFolderIsNamedWithARemedy(String line, String reason) throws Exception {
        List<String> command = new ArrayList<>(Tiny.line((Object[]) words(line)));
        Path folder = Files.createDirectories(work.resolve("temporary"));
        command.add(1, "-Djava.io.tmpdir=" + folder);
        assertThat(failing(Tiny.limited(1, command)))
                .singleElement()
                .asString()
                .contains("cannot use the temporary folder " + folder + ", which has ")
                .endsWith(
                        " MB left (%s); DIAGONAL_JAVA_OPTS=-Djava.io.tmpdir=FOLDER names another"
                                .formatted(reason));
    }

    /** What comes through a pipe is kept there, and so are the trials of jobs. */
    @Test
    void aTemporaryFolderThatTakesNothingIsNamedByWhatNeedsIt() throws Exception {
        String stdin = "evaluate --quiet --model W/model --data -";
        String jobs = "sweep W/sweep.yaml --quiet --jobs 2 --out W/jobs";
        for (String line : new String[] {stdin, jobs}) {
            List<String> command = new ArrayList<>(List.of("/bin/sh", "-c"));
            command.add("exec \"$@\" < " + work.resolve("text.txt"));
            command.add("-");
            List<String> java = new ArrayList<>(Tiny.line((Object[]) words(line)));
            java.add(1, "-Djava.io.tmpdir=" + work.resolve("nowhere"));
            command.addAll(java);
            assertThat(failing(command))
                    .singleElement()
                    .asString()
                    .contains("the temporary folder " + work.resolve("nowhere"))
                    .endsWith("DIAGONAL_JAVA_OPTS=-Djava.io.tmpdir=FOLDER names another");
        }
    }

    @Test
    void aTemporaryFolderThatIsNotThereIsNamedWithARemedy() throws Exception {
        for (String line : new String[] {"--version", "generate --model W/model --prompt the"}) {
            List<String> command = new ArrayList<>(Tiny.line((Object[]) words(line)));
            command.add(1, "-Djava.io.tmpdir=" + work.resolve("nowhere"));
            assertThat(failing(command))
                    .singleElement()
                    .asString()
                    .contains("cannot use the temporary folder " + work.resolve("nowhere"))
                    .contains("DIAGONAL_JAVA_OPTS=-Djava.io.tmpdir=FOLDER names another")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void aFolderForNativeLibrariesThatIsFullIsNamed() throws Exception {
        Path folder = work.resolve("djl");
        Object[] words = words("evaluate --quiet --model W/model --data W/text.txt");
        List<String> said = failing(Tiny.limited(1, Tiny.line(words)), "DJL_CACHE_DIR=" + folder);
        assertThat(said)
                .singleElement()
                .asString()
                .endsWith(
                        "File too large; libraries are unpacked into %s, and DJL_CACHE_DIR names another folder"
                                .formatted(folder));
    }
}
