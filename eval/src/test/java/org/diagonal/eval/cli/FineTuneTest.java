package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diagonal.plugin.checkpoint.SafetensorsFile;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.IdentityScalings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What fine-tune writes loads again everywhere, and what is there is never overwritten. */
@Tag("slow")
final class FineTuneTest {

    @TempDir static Path work;

    private static Path model;
    private static Path other;
    private static Path scaled;
    private static Path adapted;
    private static Path text;

    @BeforeAll
    static void trainOnceWithOvAndOnceScalingsAlone() throws Exception {
        model = Tiny.model(work.resolve("model"), 16, 3);
        other = Tiny.model(work.resolve("other"), 16, 4);
        text = Tiny.text(work.resolve("text.txt"), 20, 1);
        scaled = work.resolve("scaled");
        adapted = work.resolve("adapted");
        assertThat(tune(model, scaled, "--scalings", "ov", "--ov-multiplier", 0.5).code()).isZero();
        assertThat(
                        tune(
                                        model,
                                        adapted,
                                        "--scalings",
                                        "both",
                                        "--no-mask-diagonal",
                                        "--train",
                                        "scalings",
                                        "--scalings-lr",
                                        0.1,
                                        "--valid-data",
                                        text)
                                .code())
                .isZero();
    }

    private static Toy.Result tune(Path from, Path out, Object... more) {
        List<Object> words =
                new ArrayList<>(
                        List.of(
                                "fine-tune",
                                "--model",
                                from,
                                "--data",
                                text,
                                "--out",
                                out,
                                "--max-steps",
                                3,
                                "--batch-size",
                                4,
                                "--lr",
                                1e-2,
                                "--threads",
                                1));
        for (int i = 0; i + 1 < more.length; i += 2) { // what is given twice counts once
            int given = words.indexOf(more[i]);
            if (given > 0) {
                words.subList(given, given + 2).clear();
            }
        }
        if (Arrays.asList(more).contains("--epochs")) {
            int steps = words.indexOf("--max-steps");
            words.subList(steps, steps + 2).clear();
        }
        words.addAll(Arrays.asList(more));
        return Tiny.run(words.toArray());
    }

    /** Σ nats of a model on the text, to the last digit. */
    private static double nats(Object... model) throws IOException {
        Path json = work.resolve("nats.json");
        List<Object> words = new ArrayList<>(List.of("evaluate", "--data", text, "--json", json));
        words.addAll(Arrays.asList(model));
        words.add("--quiet");
        Toy.Result result = Tiny.run(words.toArray());
        assertThat(result.err()).isEmpty();
        return json(json).path("nats").doubleValue();
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(Files.readString(file));
    }

    private static IdentityScalings scalings(Path folder) throws IOException {
        return Gpt2Config.read(folder).scalings();
    }

    private static float[] values(Path folder, String tensor) throws IOException {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            return SafetensorsFile.open(folder.resolve("model.safetensors"))
                    .read(tensor, manager)
                    .toFloatArray();
        }
    }

    @Test
    void aModelFolderCarriesItsScalings() throws Exception {
        assertThat(scalings(scaled)).isEqualTo(new IdentityScalings(0, 0.5, false));
        assertThat(values(scaled, "transformer.h.1.attn.wvwo_id_scalings"))
                .hasSize(2)
                .doesNotContain(0);
        assertThat(json(scaled.resolve("config.json")).properties())
                .contains(
                        entry("wkwq_id_mult", new ObjectMapper().readTree("0.0")),
                        entry("wvwo_id_mult", new ObjectMapper().readTree("0.5")),
                        entry("mask_diag_wkwq", new ObjectMapper().readTree("false")));
        assertThat(nats("--model", scaled)).isNotEqualTo(nats("--model", model));
    }

    @Test
    void scalingsThatWereNotAskedForStayAndItIsSaid() throws Exception {
        Path out = work.resolve("again");
        Toy.Result result = tune(scaled, out, "--scalings", "none");
        assertThat(result.code()).isZero();
        assertThat(result.errors())
                .containsExactly(scaled + " has OV scalings, which stay: they are never dropped");
        assertThat(scalings(out)).isEqualTo(scalings(scaled));
        assertThat(values(out, "transformer.h.0.attn.wvwo_id_scalings")).doesNotContain(0);
    }

    @Test
    void scalingsOfTheOtherCircuitAreAdded() throws Exception {
        Path out = work.resolve("added");
        assertThat(tune(scaled, out, "--scalings", "qk", "--no-mask-diagonal").code()).isZero();
        assertThat(scalings(out)).isEqualTo(new IdentityScalings(1, 0.5, false));
        assertThat(Tiny.run("compare", scaled, out, "--data", text, "--quiet").code()).isZero();

        Path further = work.resolve("further");
        assertThat(tune(out, further, "--scalings", "both").code()).isZero();
        assertThat(scalings(further)).isEqualTo(scalings(out));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--scalings ov --ov-multiplier 2 | the model has OV scalings with multiplier 0.5,"
                        + " which cannot become 2.0",
                "--scalings none --train scalings --init random --adapter x | x: no such adapter"
                        + " folder"
            })
    void whatContradictsTheModelIsRefusedBeforeAnythingIsWritten(String words, String message) {
        Path out = work.resolve("refused");
        Toy.Result result = tune(scaled, out, (Object[]) words.split(" "));
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors()).containsExactly("diagonal fine-tune: " + message);
        assertThat(out).doesNotExist();
    }

    @Test
    void anAdapterOnItsBaseIsTheModelToTheLastDigit() throws Exception {
        for (Path folder : List.of(adapted, adapted.resolve("last"))) {
            assertThat(Files.size(folder.resolve("adapter_model.safetensors")))
                    .isBetween(1L, 4096L);
            assertThat(folder.resolve("adapter_config.json")).isRegularFile();
            double whole = nats("--model", folder);
            assertThat(whole).isNotEqualTo(nats("--model", model));
            assertThat(nats("--model", model, "--adapter", folder)).isEqualTo(whole);
        }
        assertThat(scalings(adapted)).isEqualTo(new IdentityScalings(1, 1, false));
    }

    @Test
    void anAdapterFolderAloneFindsItsBase() throws Exception {
        Path alone = Files.createDirectories(work.resolve("alone"));
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.copy(adapted.resolve(name), alone.resolve(name));
        }
        assertThat(nats("--model", alone)).isEqualTo(nats("--model", adapted));

        Path config = alone.resolve("adapter_config.json");
        Files.writeString(
                config, Files.readString(config).replace(model.toString(), work + "/gone"));
        Toy.Result result = Tiny.run("evaluate", "--model", alone, "--data", text);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors())
                .singleElement()
                .asString()
                .startsWith(
                        "diagonal evaluate: "
                                + alone
                                + " is an adapter, and its base is not where it was: "
                                + work
                                + "/gone");
    }

    @Test
    void anAdapterOnAnotherBaseIsRefused() {
        Toy.Result result =
                Tiny.run("evaluate", "--model", other, "--adapter", adapted, "--data", text);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors())
                .singleElement()
                .asString()
                .matches(
                        "diagonal evaluate: the adapter belongs to \\Q%s\\E \\(sha256 \\w+…\\), not to \\Q%s\\E \\(sha256 \\w+…\\)"
                                .formatted(model, other));
    }

    @Test
    void scalingsTrainedFurtherFromAnAdapterBelongToTheSameBase() throws Exception {
        Path out = work.resolve("on");
        assertThat(
                        tune(
                                        model,
                                        out,
                                        "--adapter",
                                        adapted,
                                        "--scalings",
                                        "both",
                                        "--train",
                                        "scalings")
                                .code())
                .isZero();
        assertThat(nats("--model", model, "--adapter", out)).isEqualTo(nats("--model", out));
        Toy.Result another =
                tune(model, out, "--scalings", "both", "--no-mask-diagonal", "--train", "scalings");
        assertThat(another.code()).isEqualTo(1);
        assertThat(another.err()).contains("was begun with adapter_sha256");
    }

    /** A learning rate that grows until it ruins the model: the best is not the last. */
    @Test
    void aRunFolderIsItsBestModelAndTheLastStaysBesideIt() throws Exception {
        Path out = work.resolve("ruined");
        assertThat(
                        tune(
                                        model,
                                        out,
                                        "--lr",
                                        30,
                                        "--warmup",
                                        1000,
                                        "--max-steps",
                                        12,
                                        "--eval-every",
                                        1,
                                        "--valid-data",
                                        text)
                                .code())
                .isZero();
        long best = json(out.resolve("result.json")).path("best_step").longValue();
        assertThat(best).isBetween(1L, 11L);
        double nats = nats("--model", out);
        assertThat(json(work.resolve("nats.json")).path("step").longValue()).isEqualTo(best);
        assertThat(nats("--model", out.resolve("checkpoints/step-" + best))).isEqualTo(nats);
        assertThat(nats("--model", out.resolve("last"))).isGreaterThan(nats);
        assertThat(json(work.resolve("nats.json")).path("step").longValue()).isEqualTo(12);
        assertThat(Tiny.run("evaluate", "--data", text, "--model", out).out())
                .contains("Model           " + out + ", step " + best);

        List<String> rows = Files.readAllLines(out.resolve("metrics.csv"));
        assertThat(rows.get(1)).startsWith("0,0.0,0,,,,");
        assertThat(Double.parseDouble(rows.get(1).split(",", -1)[6]))
                .isCloseTo(nats("--model", model) / targets(), within(1e-2));
    }

    private static long targets() throws IOException {
        return json(work.resolve("nats.json")).path("targets").longValue();
    }

    @Test
    void aMeasurementNamesTheAdapter() throws Exception {
        nats("--model", model, "--adapter", adapted);
        JsonNode measured = json(work.resolve("nats.json"));
        assertThat(measured.path("model").asText()).isEqualTo(model.toString());
        assertThat(measured.path("adapter").asText()).isEqualTo(adapted.toString());
        assertThat(measured.path("step").isIntegralNumber()).isTrue();
        assertThat(
                        Tiny.run("evaluate", "--data", text, "--model", model, "--adapter", adapted)
                                .out())
                .contains(model + " with adapter " + adapted + ", step ");
    }

    /** Without dropout and learning, the loss of a batch of one says which example it was. */
    @Test
    void examplesTakeTheirPlacesByChanceAndEverySeedHasItsOwnOrders() throws Exception {
        List<List<String>> all = new ArrayList<>();
        Path rows = Tiny.text(work.resolve("rows.txt"), 6, 5);
        for (int seed : new int[] {42, 43}) {
            Path out = work.resolve("order-" + seed);
            assertThat(
                            tune(
                                            model,
                                            out,
                                            "--lr",
                                            0,
                                            "--batch-size",
                                            1,
                                            "--epochs",
                                            60,
                                            "--dropout",
                                            0,
                                            "--seed",
                                            seed,
                                            "--data",
                                            rows)
                                    .code())
                    .isZero();
            List<String> losses =
                    Files.readAllLines(out.resolve("metrics.csv")).stream()
                            .skip(1)
                            .map(row -> row.split(",", -1)[4])
                            .filter(loss -> !loss.isEmpty())
                            .toList();
            int n = losses.size() / 60;
            assertThat(Set.copyOf(losses)).hasSize(n);
            Map<String, Integer> places = new HashMap<>();
            for (int step = 0; step < losses.size(); step++) {
                places.merge(losses.get(step) + " at " + step % n, 1, Integer::sum);
            }
            assertThat(places.values()).allMatch(times -> times <= 60 * 3 / n + 6);
            for (int epoch = 0; epoch < 60; epoch++) {
                all.add(losses.subList(epoch * n, (epoch + 1) * n));
            }
        }
        assertThat(Set.copyOf(all)).hasSize(120);
    }

    @Test
    void aRunOfAnEarlierVersionIsNotResumed() throws Exception {
        Path out = work.resolve("earlier");
        assertThat(tune(model, out).code()).isZero();
        Path record = out.resolve("run.json");
        Files.writeString(
                record,
                Files.readString(record).replaceFirst("\"version\" : 2", "\"version\" : 1"));
        Toy.Result again = tune(model, out);
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.errors())
                .containsExactly(
                        "diagonal fine-tune: "
                                + out
                                + " holds a run of version 0.1.0, which drew its batches in another"
                                + " way; choose another folder (--out)");
        assertThat(Tiny.run("report", out).code()).isZero(); // it stays readable
    }

    @Test
    void aFinishedRunIsPrintedAgainAndNotTouched() throws Exception {
        Map<String, String> before = Tiny.bytes(scaled);
        Toy.Result again = tune(model, scaled, "--scalings", "ov", "--ov-multiplier", 0.5);
        assertThat(again.code()).isZero();
        assertThat(again.out()).contains("3 steps", "Model        " + scaled);
        assertThat(again.err()).contains(scaled + " is finished already");

        Toy.Result never =
                tune(
                        model,
                        scaled,
                        "--scalings",
                        "ov",
                        "--ov-multiplier",
                        0.5,
                        "--resume",
                        "never");
        assertThat(never.code()).isZero();
        assertThat(Tiny.bytes(scaled)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--scalings both | scalings \"ov\", not \"both\"",
                "--scalings ov | ov_multiplier 0.5, not 1.0",
                "--scalings ov --ov-multiplier 0.5 --seed 7 | seed 42, not 7",
                "--scalings ov --ov-multiplier 0.5 --weight-decay 0 | weight_decay 0.01, not 0.0",
            })
    void aFinishedRunIsNotOverwrittenByAnother(String words, String difference) throws Exception {
        Map<String, String> before = Tiny.bytes(scaled);
        Toy.Result result = tune(model, scaled, (Object[]) words.split(" "));
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors())
                .containsExactly(
                        "diagonal fine-tune: %s was begun with %s; choose another folder (--out)"
                                .formatted(scaled, difference));
        assertThat(Tiny.bytes(scaled)).isEqualTo(before);
    }

    @Test
    void aTextThatIsNoLongerGivenIsADifferenceToo() {
        Toy.Result result =
                tune(
                        model,
                        adapted,
                        "--scalings",
                        "both",
                        "--no-mask-diagonal",
                        "--train",
                        "scalings",
                        "--scalings-lr",
                        0.1);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("was begun with valid_data", "not unset");
    }

    @Test
    void theSameFilesByAnotherPathAreTheSameRun() {
        Path detour = work.resolve("model/../model");
        Toy.Result again = tune(detour, scaled, "--scalings", "ov", "--ov-multiplier", 0.5);
        assertThat(again.err()).contains("is finished already");
        assertThat(again.code()).isZero();
    }

    @Test
    void resumeNeverRefusesAnUnfinishedRun() throws Exception {
        Path out = Files.createDirectories(work.resolve("unfinished"));
        Files.copy(scaled.resolve("run.json"), out.resolve("run.json"));
        Toy.Result result =
                tune(model, out, "--scalings", "ov", "--ov-multiplier", 0.5, "--resume", "never");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors())
                .containsExactly(
                        "diagonal fine-tune: "
                                + out
                                + ": holds an unfinished run, and resuming is not allowed"
                                + " (--resume)");
        try (var files = Files.list(out)) {
            assertThat(files).hasSize(1);
        }
        assertThat(tune(model, out, "--scalings", "ov", "--ov-multiplier", 0.5).code()).isZero();
        assertThat(Tiny.bytes(out).get("model.safetensors"))
                .isEqualTo(Tiny.bytes(scaled).get("model.safetensors"));
    }
}
