package org.diagonal.eval.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody who comes from another program does first. */
final class UsersTest {

    @TempDir static Path work;

    private static Path model;
    private static Path text;
    private static Path lines;

    @BeforeAll
    static void prepare() throws IOException {
        model = Tiny.model(work.resolve("model"), 16, 3);
        text = Tiny.text(work.resolve("text.txt"), 30, 1);
        lines =
                Files.writeString(
                        work.resolve("text.jsonl"),
                        Files.readAllLines(text).stream()
                                .map("{\"body\": \"%s\"}\n"::formatted)
                                .collect(Collectors.joining()));
    }

    private static JsonNode json(Toy.Result result) throws IOException {
        assertThat(result.code()).as(result.err()).isZero();
        JsonNode root = new ObjectMapper().readTree(result.out());
        assertKeysInSnakeCase(root);
        return root;
    }

    private static void assertKeysInSnakeCase(JsonNode node) {
        node.fieldNames()
                .forEachRemaining(
                        key ->
                                assertThat(key)
                                        .matches("N(_[a-z]+)?|[a-z0-9]+(_[a-z0-9]+)*")); // N: the
        // paper's
        // matrix
        node.forEach(UsersTest::assertKeysInSnakeCase);
    }

    private static Toy.Result evaluate(Object... data) {
        Object[] words = new Object[data.length + 6];
        System.arraycopy(
                new Object[] {"evaluate", "--model", model, "--json", "-", "--quiet"},
                0,
                words,
                0,
                6);
        System.arraycopy(data, 0, words, 6, data.length);
        return Tiny.run(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf-strided", "run-clm"})
    void recordsGiveTheFiguresOfTheirText(String protocol) throws IOException {
        JsonNode plain = json(evaluate("--data", text, "--protocol", protocol));
        JsonNode records =
                json(evaluate("--data", lines, "--text-column", "body", "--protocol", protocol));
        assertThat(records.path("perplexity").doubleValue())
                .isPositive()
                .isEqualTo(plain.path("perplexity").doubleValue());
        assertThat(records.path("data_sha256")).isEqualTo(plain.path("data_sha256"));
    }

    @Test
    void aMissingColumnNamesTheOption() {
        Toy.Result result = evaluate("--data", lines);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .contains("expected a column \"text\", found [body] (--text-column)");
    }

    @Test
    void aLimitStandsInTheResult() throws IOException {
        JsonNode limited = json(evaluate("--data", text, "--limit", 5));
        assertThat(limited.path("data").textValue()).endsWith("text.txt (first 5 lines)");
    }

    @Test
    void aPlanWritesNothingAndASplitIsHeldOut() throws IOException {
        Path out = work.resolve("planned");
        Object[] words = {
            "fine-tune",
            "--model",
            model,
            "--data",
            text,
            "--out",
            out,
            "--max-steps",
            2,
            "--batch-size",
            4,
            "--validation-split",
            "20%",
            "--threads",
            1,
            "--quiet",
            "--json",
            "-"
        };
        Object[] plan = Arrays.copyOf(words, words.length + 1);
        plan[words.length] = "--plan";
        JsonNode forecast = json(Tiny.run(plan)).path("plan").path(0);
        assertThat(forecast.path("steps").intValue()).isEqualTo(2);
        assertThat(forecast.path("evaluations").intValue()).isPositive();
        assertThat(out).doesNotExist();
        assertThat(json(Tiny.run(words)).path("steps").intValue()).isEqualTo(2);
        assertThat(Files.readString(out.resolve("run.json")))
                .contains("\"validation_split\" : 0.2");
        JsonNode runs = json(Tiny.run("runs", work, "--json", "-")).path("runs");
        assertThat(runs.size()).isEqualTo(1);
        assertThat(runs.path(0).path("state").textValue()).isEqualTo("finished");
        Path all = work.resolve("all.html");
        assertThat(Tiny.run("report", out, out, "--out", all).code()).isZero();
        assertThat(Files.readString(all)).contains("2 trainings side by side");
    }

    @ParameterizedTest
    @CsvSource({
        "fine-tune --learning-rate 1, unknown option --learning-rate; use --lr",
        "fine-tune --model_name_or_path a, unknown option --model_name_or_path; use --model",
        "compare --per-device-train-batch-size 1, use --batch-size",
        "compare --num_train_epochs=1, use --epochs",
        "pretrain --gradient-accumulation-steps 2, use --accumulate",
        "compare --steps 3, unknown option --steps; use --max-steps",
        "generate --max_new_tokens 3, did you mean --max-new-tokens?",
        "fine-tune --do_train, fine-tune is the command that trains",
        "fine-tune --bf16, use --precision bf16",
        "evaluate --model_args pretrained=gpt2, use --model",
        "evaluate --modle a, unknown option --modle; did you mean --model?"
    })
    void whatOtherProgramsCallAnOptionIsPointedTo(String words, String message) {
        Toy.Result result = Tiny.run((Object[]) words.split(" ", -1));
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains(message);
    }

    @ParameterizedTest
    @CsvSource({"models, models", "data, data", "tasks, tasks", "cache, caches"})
    void listsAreThereForPrograms(String command, String key) throws IOException {
        JsonNode entries = json(Tiny.run(command, "--json", "-")).path(key);
        assertThat(entries.size()).isGreaterThan(2);
        entries.forEach(entry -> assertThat(entry.path("name").textValue()).isNotBlank());
    }

    /** Whatever has a result has it for programs, too. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "fine-tune",
                "evaluate",
                "generate",
                "compare",
                "curve",
                "sweep",
                "kernel",
                "report",
                "runs",
                "tasks",
                "inspect",
                "pretrain",
                "export",
                "bench",
                "models",
                "data",
                "cache"
            })
    void everyCommandWritesItsResultAsJson(String command) {
        assertThat(Tiny.run(command, "--help").out()).contains("--json FILE");
    }

    @Test
    void stdoutIsForTheJsonAlone() throws IOException {
        JsonNode text =
                json(
                        Tiny.run(
                                "generate",
                                "--model",
                                model,
                                "--prompt",
                                "the",
                                "--max-new-tokens",
                                3,
                                "--json",
                                "-"));
        assertThat(text.path("generated").path(0).path("prompt").textValue()).isEqualTo("the");
        assertThat(text.path("generated").path(0).path("new_tokens").intValue()).isBetween(0, 3);
        JsonNode files =
                json(
                        Tiny.run(
                                "export",
                                "--model",
                                model,
                                "--out",
                                work.resolve("hf"),
                                "--format",
                                "hf",
                                "--json",
                                "-"));
        assertThat(files.path("files").path(0).path("bytes").longValue()).isPositive();
        JsonNode kernel = json(Tiny.run("kernel", "--data", "task:aba-abb", "--json", "-"));
        assertThat(kernel.path("version").intValue()).isEqualTo(1);
        JsonNode heads = json(Tiny.run("inspect", "--model", model, "--json", "-"));
        assertThat(heads.path("heads")).isNotEmpty();
        assertThat(json(Tiny.run("sweep", "--list", "--json", "-")).path("sweeps")).isNotEmpty();
    }

    @Test
    void aPlanOfACurveMeasuresAStepAndOfAnExportNamesMemory() throws IOException {
        Path out = work.resolve("planned-curve");
        Object[] words = {
            "curve",
            "--data",
            "task:aba-abb",
            "--network",
            "mlp",
            "--n",
            "8,16",
            "--trials",
            2,
            "--epochs",
            50,
            "--out",
            out,
            "--threads",
            1,
            "--plan",
            "--json",
            "-"
        };
        JsonNode forecast = json(Tiny.run(words)).path("plan").path(0);
        assertThat(forecast.path("trials").intValue()).isEqualTo(4);
        assertThat(forecast.path("steps").intValue()).isEqualTo(4 * 50);
        for (String key : new String[] {"step_seconds", "seconds", "memory", "disk", "disk_free"}) {
            assertThat(forecast.path(key).doubleValue()).as(key).isPositive();
        }
        assertThat(out).doesNotExist();
        String said = Tiny.run("export", "--model", model, "--out", out, "--plan").out();
        assertThat(said).contains("Memory", "Disk", "Files", "Nothing was written.");
        assertThat(out).doesNotExist();
    }

    @Test
    void aPlannedSweepIsCountedForPrograms() throws IOException {
        JsonNode plan =
                json(Tiny.run("sweep", "figure-24", "--scale", "small", "--plan", "--json", "-"))
                        .path("plan")
                        .path(0);
        assertThat(plan.path("grid").path("network").path(1).textValue()).isEqualTo("mlp-xxt");
        assertThat(plan.path("seeds").intValue()).isEqualTo(3);
        JsonNode phase = plan.path("phases").path(0);
        assertThat(phase.path("trials").intValue()).isEqualTo(2 * 7 * 3);
        assertThat(phase.path("core_hours").doubleValue()).isPositive();
    }

    /** A terminal of 80 columns breaks no line of a list. */
    @Test
    void runsFitTheTerminal() throws IOException {
        Path folder = Files.createDirectories(work.resolve("wide/comparison-20261129-020148"));
        Files.copy(
                Path.of(System.getProperty("diagonal.root"))
                        .resolve("eval/src/test/resources/results-of-0.1.0/copy-64/curve.json"),
                folder.resolve("curve.json"));
        System.setProperty("diagonal.columns", "80");
        try {
            String said = Tiny.run("runs", work.resolve("wide")).out();
            assertThat(said).contains(folder.toString(), "curve finished, ");
            assertThat(said.lines().filter(line -> !line.equals(folder.toString())))
                    .allSatisfy(line -> assertThat(line).hasSizeLessThan(80));
        } finally {
            System.clearProperty("diagonal.columns");
        }
    }

    @Test
    void helpOfACommandIsItsHelp() {
        assertThat(Tiny.run("help", "evaluate").out())
                .isEqualTo(Tiny.run("evaluate", "--help").out())
                .contains("--limit");
        assertThat(Tiny.run("help", "nope").code()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void completionKnowsCommandsAndOptions(String shell) {
        assertThat(Tiny.run("completion", shell).out()).contains("fine-tune", "text-column");
    }

    @Test
    void aShellOffersTheWordsThatAnOptionTakes() throws Exception {
        Path script =
                Files.writeString(work.resolve("c.bash"), Tiny.run("completion", "bash").out());
        assertThat(offered(script, "fine-tune", "--schedule")).isEqualTo("constant linear cosine");
        assertThat(offered(script, "fine-tune", "--init")).isEqualTo("pretrained random mimetic");
        assertThat(offered(script, "evaluate", "--protocol"))
                .isEqualTo("hf-strided run-clm lm-eval");
        assertThat(offered(script, "completion")).startsWith("bash zsh fish all");
    }

    /** What bash proposes after these words. */
    private static String offered(Path script, String... words) throws Exception {
        assumeTrue(Files.exists(Path.of("/bin/bash")), "no bash");
        String ask =
                "compopt() { :; }; source '%s'; COMP_WORDS=(diagonal %s ''); COMP_CWORD=%d; _complete_diagonal diagonal ''; echo ${COMPREPLY[@]}"
                        .formatted(script, String.join(" ", words), words.length + 1);
        Process bash =
                new ProcessBuilder("/bin/bash", "--norc", "-c", ask)
                        .redirectErrorStream(true)
                        .start();
        return new String(bash.getInputStream().readAllBytes(), UTF_8).trim();
    }
}
