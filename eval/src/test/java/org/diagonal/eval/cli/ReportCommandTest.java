package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.diagonal.eval.Chromium;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reports of whole runs, as commands leave them and as they are asked for. */
final class ReportCommandTest {

    @TempDir static Path work;

    private static Toy.Result compared;
    private static Toy.Result task;
    private static Toy.Result curve;
    private static Toy.Result heads;

    @BeforeAll
    static void runAll() throws IOException {
        Path model = Tiny.model(work.resolve("model"), 16, 3);
        Path text = Tiny.text(work.resolve("text.txt"), 30, 1);
        List<Object> training =
                List.of(
                        "--model",
                        model,
                        "--max-steps",
                        4,
                        "--batch-size",
                        4,
                        "--lr",
                        1e-2,
                        "--eval-every",
                        2,
                        "--threads",
                        1,
                        "--quiet");
        List<Object> words = new ArrayList<>(List.of("compare", "--data", text));
        words.addAll(training);
        words.addAll(List.of("--test-data", text, "--valid-data", text, "--seeds", 2));
        words.addAll(List.of("--arms", "none,both", "--out", work.resolve("texts")));
        compared = Tiny.run(words.toArray());
        words = new ArrayList<>(List.of("compare", "--data", "task:aba-abb"));
        words.addAll(training);
        words.addAll(List.of("--samples", 8, "--test-samples", 8, "--alphabets", "8,8,8"));
        words.addAll(List.of("--symbols", "names", "--out", work.resolve("task")));
        task = Tiny.run(words.toArray());
        curve =
                Tiny.run(
                        "curve",
                        "--data",
                        "task:aba-abb",
                        "--network",
                        "mlp",
                        "--n",
                        "4,8",
                        "--trials",
                        2,
                        "--epochs",
                        2,
                        "--valid-n",
                        4,
                        "--test-n",
                        4,
                        "--quiet",
                        "--threads",
                        1,
                        "--out",
                        work.resolve("curve"));
        heads =
                Tiny.run(
                        "inspect",
                        "--model",
                        work.resolve("texts/both-seed42"),
                        "--against",
                        model,
                        "--quiet",
                        "--out",
                        work.resolve("heads"));
    }

    private static Toy.Result report(Object... words) {
        List<Object> line = new ArrayList<>(List.of("report"));
        line.addAll(Arrays.asList(words));
        return Tiny.run(line.toArray());
    }

    private static String html(String run) throws IOException {
        return Files.readString(work.resolve(run).resolve("report.html"));
    }

    @Test
    void everyCommandSaysLastWhereItsReportLies() {
        for (Toy.Result result : List.of(compared, task, curve, heads)) {
            assertThat(result.err()).isEmpty();
            assertThat(result.code()).isZero();
        }
        assertThat(compared.out()).endsWith("Report  " + work.resolve("texts/report.html") + "\n");
        assertThat(task.out()).endsWith("Report  " + work.resolve("task/report.html") + "\n");
        assertThat(curve.out()).endsWith("Report  " + work.resolve("curve/report.html") + "\n");
        assertThat(heads.out()).endsWith("Report  " + work.resolve("heads/report.html") + "\n");
    }

    @Test
    void aComparisonShowsCurvesArticlesScalingsAndOrigin() throws Exception {
        JsonNode json = new ObjectMapper().readTree(work.resolve("texts/compare.json").toFile());
        assertThat(html("texts"))
                .contains("Training loss", "Difference in training loss", "Validation loss")
                .contains("Learned a of the QK circuits", "Learned b of the OV circuits")
                .contains("both less none, by")
                .contains("<data value=\"" + json.path("ratio").doubleValue() + "\">")
                .contains(json.path("data_sha256").asText())
                .contains("<dt>scalings lr</dt>", "<dt>begun</dt>")
                .doesNotContain("What is not shown");
    }

    @Test
    void learnedScalingsAreThoseOfTheMeasuredModels() throws Exception {
        double sum = 0;
        for (String run : List.of("both-seed42", "both-seed43")) {
            sum += scaling(work.resolve("texts").resolve(run).resolve("model.safetensors"));
        }
        assertThat(sum).isNotZero();
        assertThat(html("texts")).contains("<data value=\"" + sum / 2 + "\">");
    }

    /** The first a of the first layer, by the file's own header. */
    private static double scaling(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) bytes.getLong(0);
        String json = new String(bytes.array(), 8, header, java.nio.charset.StandardCharsets.UTF_8);
        JsonNode tensor =
                new ObjectMapper().readTree(json).path("transformer.h.0.attn.wkwq_id_scalings");
        return bytes.getFloat(8 + header + tensor.path("data_offsets").get(0).intValue());
    }

    @Test
    void aComparisonOnATaskShowsAccuraciesAndPairs() throws Exception {
        assertThat(html("task"))
                .contains(
                        "none, unseen",
                        "both, seen",
                        "before, unseen",
                        "Training loss",
                        "Learned a");
    }

    @Test
    void anInspectionShowsEveryHeadOfBothCircuits() throws Exception {
        JsonNode json = new ObjectMapper().readTree(work.resolve("heads/inspect.json").toFile());
        assertThat(json.path("heads")).hasSize(2 * 2 * 4); // layers, heads, circuits and gains
        for (JsonNode head : json.path("heads")) {
            assertThat(html("heads"))
                    .contains("<data value=\"" + head.path("z").doubleValue() + "\">");
            if (!head.path("folded").booleanValue()) {
                assertThat(html("heads"))
                        .contains("<data value=\"" + head.path("sum").doubleValue() + "\">")
                        .contains("<data value=\"" + head.path("learned").doubleValue() + "\">");
            }
        }
        assertThat(html("heads"))
                .contains("QK: z-scores of the diagonals", "OV: the heads’ own b, tr(M)/D")
                .contains("OV: change of b", "data:image/png;base64,");
    }

    @Test
    void anInspectionSaysItsErrorRateAndAnOlderOneWhatItsRandomHeadsReached() throws Exception {
        assertThat(html("heads"))
                .contains("negative (error rate 1\u00A0% over all of them together); the strongest")
                .contains("p adjusted", "Heads beyond", "drawn at random");
        ObjectNode json =
                (ObjectNode)
                        new ObjectMapper().readTree(work.resolve("heads/inspect.json").toFile());
        json.remove("error_rate");
        json.path("baseline")
                .forEach(node -> ((ObjectNode) node).remove(List.of("p_bar", "z_bar")));
        json.path("heads").forEach(node -> ((ObjectNode) node).remove(List.of("p", "p_adjusted")));
        Path older = Files.createDirectories(work.resolve("older"));
        Files.writeString(older.resolve("inspect.json"), json.toString());
        assertThat(report(older).code()).isZero();
        assertThat(html("older").replaceAll("base64,[^\"]*", "")) // a picture may spell anything
                .contains("random heads reach at most |z| = ")
                .doesNotContain("error rate", "p adjusted", "Heads beyond", "NaN");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/heads/0/layer | 7 | expected each head of 2 layers with 2 once",
                "/heads/0/head | -1 | expected each head of 2 layers with 2 once",
                "/heads/4/head | 0 | expected each head of 2 layers with 2 once",
                "/strongest/0/layer | 9 | strongest: 9.",
            })
    void anInspectionWithoutAHeadIsRefused(String place, int value, String message)
            throws Exception {
        ObjectNode json =
                (ObjectNode)
                        new ObjectMapper().readTree(work.resolve("heads/inspect.json").toFile());
        int slash = place.lastIndexOf('/');
        ((ObjectNode) json.at(place.substring(0, slash))).put(place.substring(slash + 1), value);
        Path folder = Files.createTempDirectory(work, "heads");
        Files.writeString(folder.resolve("inspect.json"), json.toString());
        Toy.Result result = report(folder);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors()).singleElement().asString().contains(message);
    }

    @Test
    void aTrainingLeavesAReportOfItsOwn() throws Exception {
        Toy.Result result = report(work.resolve("texts/both-seed42"));
        assertThat(result.code()).isZero();
        assertThat(html("texts/both-seed42"))
                .contains("<p class=\"kind\">Training</p>", "Learned b", "<dt>max steps</dt>");
    }

    @Test
    void whatIsMissingIsSaidAndTheRestDrawn() throws Exception {
        Path bare = Files.createDirectories(work.resolve("bare"));
        Files.copy(work.resolve("texts/compare.json"), bare.resolve("compare.json"));
        assertThat(report(bare).code()).isZero();
        assertThat(html("bare"))
                .contains("the run folders none-seed42, none-seed43, both-seed42, both-seed43 are")
                .contains("Settings that all runs share", "<dt>scalings lr</dt>")
                .contains("Ratio of perplexities")
                .doesNotContain("Training loss", "<dt>seed</dt>", "<dt>scalings</dt>");
    }

    /** Records without weights are small enough to keep. */
    @Test
    void runsWithoutWeightsAreDrawnAndSayWhatIsMissing() throws Exception {
        Path records = work.resolve("records");
        copy(work.resolve("texts"), records);
        for (String run : List.of("both-seed42", "both-seed43", "none-seed42", "none-seed43")) {
            Files.delete(records.resolve(run).resolve("model.safetensors"));
        }
        for (String run : List.of("records", "records/both-seed42", "records/none-seed42")) {
            assertThat(report(work.resolve(run)).errors()).isEmpty();
            assertThat(html(run)).contains("Training loss").doesNotContain("Learned a");
        }
        String missing = "The runs of both were kept without weights";
        assertThat(html("records")).contains(missing, "The largest scalings over training");
        assertThat(html("records/both-seed42")).contains(missing, "a over training");
        assertThat(html("records/none-seed42")).doesNotContain("without weights");
    }

    @Test
    void madeAgainTheReportIsTheSame() throws Exception {
        String before = html("texts");
        assertThat(report(work.resolve("texts")).out())
                .isEqualTo("Report  " + work.resolve("texts/report.html") + "\n");
        assertThat(html("texts")).isEqualTo(before);
    }

    @Test
    void severalRunsMakeOnePageAndPngFiles() throws Exception {
        Path out = work.resolve("all/all.html");
        Toy.Result result =
                report(work.resolve("texts"), work.resolve("curve"), "--out", out, "--png");
        assertThat(result.err()).isEmpty();
        assertThat(Files.readString(out)).contains("2 reports", "id=\"texts\"", "id=\"curve\"");
        try (Stream<Path> files = Files.list(work.resolve("all/charts"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains("texts-ratio.png", "texts-learned-a-both.png", "curve-curve.png");
        }
    }

    @Tag("browser")
    @Test
    void aBrowserFindsNothingToAskForOrToComplainOf() throws Exception {
        Chromium chromium = Chromium.required(work);
        assertThat(report(work.resolve("texts/none-seed42")).code()).isZero();
        for (String run : List.of("texts", "task", "curve", "heads", "texts/none-seed42")) {
            Path page = work.resolve(run).resolve("report.html");
            Chromium.Visit visit = chromium.open(page);
            assertThat(visit.requests()).isEmpty();
            assertThat(visit.complaints()).isEmpty();
            assertThat(visit.dom()).contains("<article", "</html>");
            for (int window : new int[] {360, 768, 1280}) {
                assertThat(chromium.widthOf(page, window)).isLessThanOrEqualTo(window);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "compare.json | {\"version\":3} | key version: expected 2, found 3: a newer"
                        + " version of this program wrote it",
                "compare.json | {\"version\":1, | is not JSON: ",
                "compare.json | {\"version\":1} | key block_size: is missing",
                "compare.json | {\"version\":1,\"task\":3} | key task: expected a string, found 3",
                "curve.json | {\"version\":1,\"settings\":[]} | key settings: expected an object,"
                        + " found an array",
                "run.json | {\"version\":7} | key version: expected 2, found 7: a newer version of"
                        + " this program wrote it",
                "run.json | {\"version\":1,\"started\":\"s\",\"settings\":{\"scalings\":\"none\"},\"versions\":{}} | is"
                        + " not finished: it has no result.json; run the same command again to"
                        + " resume it",
                "other.json | {} | is not a run folder: expected compare.json, curve.json, sweep.json, kernel.json, inspect.json",
            })
    void whatIsNoWholeResultIsOneLine(String file, String json, String message) throws Exception {
        Path folder = Files.createTempDirectory(work, "bad");
        Files.writeString(folder.resolve(file), json);
        Toy.Result result = report(folder);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors()).hasSize(1);
        assertThat(result.errors().get(0))
                .startsWith("diagonal report: " + folder)
                .contains(message.replaceFirst("^newer: ", ""));
        assertThat(folder.resolve("report.html")).doesNotExist();
    }

    @Test
    void damagedMetricsAndScalingsAreNamed() throws Exception {
        Path run = work.resolve("damaged");
        copy(work.resolve("texts/both-seed42"), run);
        Path metrics = run.resolve("metrics.csv");
        String whole = Files.readString(metrics);
        Files.writeString(metrics, "step,loss\n1,x\n");
        assertThat(report(run).errors())
                .singleElement()
                .asString()
                .contains(metrics + ": is not the metrics of a training");
        Files.writeString(metrics, whole);
        Path weights = run.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = (int) (8 + data.getLong(0)); at < bytes.length; at += Float.BYTES) {
            data.putFloat(at, Float.NaN);
        }
        Files.write(weights, bytes);
        assertThat(report(run).errors())
                .singleElement()
                .asString()
                .contains(weights + ": tensor transformer.h.0.attn.wkwq_id_scalings holds NaN");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "report | missing RUN",
                "report a b | several runs need --out FILE",
                "report a --out . | --out: needs a file, and . is a folder",
                "report a --index b | --index makes an index alone: it takes no run, --out, --json or --png",
            })
    void wrongUsageIsOneLine(String words, String message) {
        Toy.Result result = Tiny.run((Object[]) words.split(" ", -1));
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.errors().get(0)).isEqualTo("diagonal report: " + message);
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        Toy.Result result = report(work.resolve("nowhere"));
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors())
                .containsExactly("diagonal report: no such file: " + work.resolve("nowhere"));
    }
}
