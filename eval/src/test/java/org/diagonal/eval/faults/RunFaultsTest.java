package org.diagonal.eval.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.diagonal.eval.cli.Tiny;
import org.diagonal.eval.cli.Toy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in a run's place, or is left of a run, is checked before it is counted on. */
@Tag("slow")
final class RunFaultsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path work;
    private Path model;
    private Path text;
    private Path run;

    @BeforeEach
    void inputs() throws IOException {
        model = Tiny.model(work.resolve("model"), 16, 3);
        text = Tiny.text(work.resolve("text.txt"), 20, 1);
        run = work.resolve("run");
    }

    private List<Object> training(Object... more) {
        List<Object> words =
                new ArrayList<>(
                        List.of(
                                "fine-tune",
                                "--quiet",
                                "--model",
                                model,
                                "--data",
                                text,
                                "--valid-data",
                                text,
                                "--out",
                                run,
                                "--max-steps",
                                8,
                                "--save-every",
                                2,
                                "--eval-every",
                                4,
                                "--batch-size",
                                4,
                                "--lr",
                                1e-2,
                                "--threads",
                                1));
        words.addAll(Arrays.asList(more));
        return words;
    }

    private Toy.Result tune(Object... more) {
        return Tiny.run(training(more).toArray());
    }

    /** A run as it is when its process was killed after its last checkpoint. */
    private Path unfinished() throws IOException {
        assertThat(tune().err()).isEmpty();
        Files.delete(run.resolve("result.json"));
        return run;
    }

    private void refused(Toy.Result result, String words) {
        assertThat(result.err()).contains(words);
        assertThat(result.errors()).hasSize(1);
        assertThat(result.code()).isEqualTo(1);
    }

    @Test
    void aRunGoesOnOnlyFromMetricsThatReachItsCheckpoint() throws IOException {
        Map<String, String> whole = Tiny.bytes(unfinished());
        Path metrics = run.resolve("metrics.csv");
        String rows = Files.readString(metrics);
        String hole = rows.replaceFirst("(?m)^5,.*\n", "");
        for (String damage : List.of("", rows.substring(0, rows.length() / 2), hole)) {
            Files.writeString(metrics, damage);
            refused(tune(), metrics + ": lacks the row of step ");
        }
        Files.delete(metrics);
        refused(tune(), metrics + ": lacks the row of step 1, and the last checkpoint is of step");
        Files.writeString(metrics, rows.replace("\n5,", "\n\uFF15,"));
        refused(tune(), metrics + ": lacks the row of step 5");
        Files.writeString(metrics, rows + "9,0,");
        assertThat(tune().err()).isEmpty();
        Map<String, String> resumed = Tiny.bytes(run);
        resumed.remove("result.json");
        whole.remove("result.json");
        assertThat(resumed).isEqualTo(whole);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "step | 1 | step is 1 in step-8",
                "step | \"\uFF18\" | not a training state",
                "step | 8.0 | not a training state",
                "tokens | -1 | a count is negative: -1",
                "updates | 9 | must be at most step",
                "skipped | 10 | must be at most step",
                "evaluations_since_best | -2 | evaluations_since_best must be 0 to 8",
                "best_loss | null | best_step and best_loss contradict each other",
            })
    void aStateThatContradictsItsFolderIsRefused(String key, String value, String words)
            throws IOException {
        Path file = unfinished().resolve("checkpoints/step-8/trainer_state.json");
        ObjectNode state = (ObjectNode) JSON.readTree(Files.readString(file));
        state.set(key, JSON.readTree(value));
        Files.writeString(file, state.toString());
        refused(tune(), words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compare --model M --data T --test-data T --max-steps 1 --quiet --out O",
                "compare M M --data T --quiet --out O",
                "compare M M --data task:aba-abb --test-samples 4 --quiet --out O",
                "curve --data task:aba-abb --network mlp --n 4 --trials 1 --quiet --out O",
                "inspect --model M --quiet --out O",
                "kernel --data task:aba-abb --quiet --out O",
                "sweep S --quiet --out O",
                "sweep S --quiet --jobs 2 --out O",
                "sweep S --plan --out O"
            })
    void resultsDoNotGoIntoSomebodysFolder(String line) throws IOException {
        Path out = Files.createDirectory(work.resolve("mine"));
        for (String name : List.of("report.html", "heads.csv", "curve.csv", "notes.txt")) {
            Files.writeString(out.resolve(name), "mine");
        }
        inSomebodysFolder(line, out);
        // names that we use, too
        Files.delete(out.resolve("notes.txt"));
        Files.writeString(Files.createDirectory(out.resolve("trials")).resolve("x"), "mine");
        for (String name : List.of("sweep", "settings", "kernel", "inspect")) {
            Files.writeString(out.resolve(name + ".json"), "[\"mine\"]");
        }
        inSomebodysFolder(line, out);
    }

    private void inSomebodysFolder(String line, Path out) throws IOException {
        Path sweep =
                Files.writeString(
                        work.resolve("sweep.yaml"),
                        "base: {task: aba-abb, n: 4, trials: 1, network: mlp}\ngrid: {lr: [1]}\n");
        Map<String, String> before = Tiny.bytes(out);
        Object[] words =
                Arrays.stream(line.split(" ", -1))
                        .map(
                                word ->
                                        switch (word) {
                                            case "M" -> model;
                                            case "T" -> text;
                                            case "O" -> out;
                                            case "S" -> sweep;
                                            default -> word;
                                        })
                        .toArray();
        refused(Tiny.run(words), out + ": is not empty and holds no ");
        assertThat(Tiny.bytes(out)).isEqualTo(before);
        assertThat(out.resolve("report.html")).hasContent("mine"); // which bytes leaves out
    }

    @Test
    void hiddenFilesOfOthersStay() throws IOException {
        String hex = "0123456789abcdef".repeat(2);
        List<String> names =
                List.of(".x.deleted", ".x.made", ".x.1-2.part", ".x.1-2-" + hex + ".part");
        Path elsewhere = Files.createDirectories(work.resolve("elsewhere"));
        for (Path folder : List.of(Files.createDirectories(run), elsewhere)) {
            for (String name : names) {
                Files.writeString(folder.resolve(name), "mine");
            }
        }
        assertThat(tune().err()).isEmpty();
        Files.delete(run.resolve("result.json"));
        Path checkpoints = run.resolve("checkpoints");
        Files.move(checkpoints.resolve("step-8"), elsewhere.resolve("step-8"));
        try (Stream<Path> files = Files.walk(checkpoints)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
        Files.createSymbolicLink(checkpoints, elsewhere);
        assertThat(tune().code()).isZero();
        for (Path folder : List.of(run, elsewhere)) {
            for (String name : names) {
                assertThat(folder.resolve(name)).hasContent("mine");
            }
        }
    }

    /** Multiplies all weights: what a model with large weights looks like. */
    private void enlarge(float factor) throws IOException {
        Path weights = model.resolve("model.safetensors");
        ByteBuffer bytes =
                ByteBuffer.wrap(Files.readAllBytes(weights)).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = (int) (8 + bytes.getLong(0)); at < bytes.capacity(); at += Float.BYTES) {
            bytes.putFloat(at, bytes.getFloat(at) * factor);
        }
        Files.write(weights, bytes.array());
    }

    @Test
    void aStartBeyondTheRangeOfHalvesIsRefusedBeforeTheTraining() throws IOException {
        enlarge(1e6f);
        refused(tune("--dtype", "f16"), "before the training; choose f32 (--dtype)");
        assertThat(run.resolve("run.json")).doesNotExist();
    }

    @Test
    void aTrainingBeyondTheRangeOfHalvesIsWrittenAsFloats() throws IOException {
        Object[] far = {"--dtype", "f16", "--lr", 4e4, "--clip", 0, "--max-steps", 2};
        List<Object> words = new ArrayList<>(training());
        words.subList(words.indexOf("--max-steps"), words.indexOf("--max-steps") + 2).clear();
        words.subList(words.indexOf("--lr"), words.indexOf("--lr") + 2).clear();
        words.subList(words.indexOf("--valid-data"), words.indexOf("--valid-data") + 2).clear();
        words.subList(words.indexOf("--eval-every"), words.indexOf("--eval-every") + 2).clear();
        words.addAll(Arrays.asList(far));
        Toy.Result failed = Tiny.run(words.toArray());
        refused(failed, "the same command with f32 writes the model (--dtype)");
        words.set(words.indexOf("f16"), "f32");
        assertThat(Tiny.run(words.toArray()).err()).isEmpty();
        assertThat(run.resolve("model.safetensors")).exists();
        assertThat(run.resolve("run.json")).content().contains("\"dtype\" : \"f32\"");
    }

    @Test
    void aReportWithoutMetricsSaysSo() throws IOException {
        assertThat(tune().err()).isEmpty();
        Path metrics = run.resolve("metrics.csv");
        Files.writeString(metrics, "");
        refused(Tiny.run("report", run), metrics + ": has no row of any step");
    }

    /** A training that has not done its first step has its validation loss alone. */
    @Test
    void aReportBeforeTheFirstStepIsAPage() throws IOException {
        assertThat(tune().err()).isEmpty();
        Path metrics = run.resolve("metrics.csv");
        Files.write(metrics, Files.readAllLines(metrics).subList(0, 2));
        assertThat(Tiny.run("report", run).err()).isEmpty();
        assertThat(run.resolve("report.html")).content().contains("Learning");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "^\\d+, | x, | row 1: step is not a number: 'x'",
                "^\\d+, | , | row 1: step is not a number: ''",
                "^\\d+, | 99999999999999999999, | row 1: step is not a number:"
                        + " '99999999999999999999'",
                "[^,]*$ | \" | is cut off", // a quotation that does not end
            })
    void metricsThatAreNoNumbersAreNamedWithTheirRow(String part, String other, String words)
            throws IOException {
        assertThat(Tiny.run(training().toArray()).code()).isZero();
        Path metrics = run.resolve("metrics.csv");
        List<String> lines = new ArrayList<>(Files.readAllLines(metrics));
        lines.set(1, lines.get(1).replaceFirst(part, other));
        Files.write(metrics, lines);
        refused(Tiny.run("report", run), metrics + ": is not the metrics of a training: " + words);
    }

    @Test
    void endlessNamesCostNoTime() throws IOException {
        assertThat(tune().err()).isEmpty();
        Path file = run.resolve("run.json");
        ObjectNode record = (ObjectNode) JSON.readTree(Files.readString(file));
        ObjectNode settings = (ObjectNode) record.path("settings");
        settings.put("model", "m".repeat(400_000));
        settings.put("data", "d".repeat(400_000));
        Files.writeString(file, record.toString());
        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(60), () -> Tiny.run("report", run));
        Path heads = work.resolve("heads");
        assertThat(Tiny.run("inspect", "--quiet", "--model", model, "--out", heads).code())
                .isZero();
        Path inspect = heads.resolve("inspect.json");
        ObjectNode root = (ObjectNode) JSON.readTree(Files.readString(inspect));
        ((ObjectNode) root.path("model")).put("name", "m".repeat(400_000));
        Files.writeString(inspect, root.toString());
        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(60), () -> Tiny.run("report", heads));
    }

    /** ONNX Runtime would end the process without a word. */
    @Tag("process")
    @Test
    void aCommandLineThatOnnxRuntimeCannotBearIsNamed() throws Exception {
        List<String> line = new ArrayList<>(Tiny.line("--version"));
        line.add(1, "-Dlong=" + "x".repeat(4000));
        File output = work.resolve("output").toFile();
        Process process = Tiny.start(line, output);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(output)
                .content()
                .containsPattern(
                        "^diagonal: ONNX Runtime 1\\.29 would end this process, whose command line has"
                                + " \\d+ bytes, more than 3900: give the class path in the variable"
                                + " CLASSPATH\\R$");
    }

    @Tag("process")
    @Test
    void anAdapterRunIsQuiet() throws Exception {
        List<Object> words = training("--scalings", "both", "--train", "scalings");
        assertThat(Tiny.run(words.toArray()).err()).isEmpty();
        List<Object> evaluate =
                List.of("evaluate", "--quiet", "--model", run, "--data", text, "--threads", 1);
        File output = work.resolve("output").toFile();
        Process process = Tiny.start(Tiny.line(evaluate.toArray()), output);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(output).content().contains("Perplexity").doesNotContain("Warning", "deprecated");
    }
}
