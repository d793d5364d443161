package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.gpt2.ModelFolder;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.Circuit;
import org.diagonal.plugin.identity.IdentityScalings;
import org.diagonal.plugin.network.Weights;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ablate}, and {@code evaluate} with changed scalings, on models of which much is known. */
final class AblateCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir static Path work;

    /** Two layers of two heads each; the text has a dozen of articles. */
    @BeforeAll
    static void models() throws IOException {
        model("both", Arm.BOTH, new float[][] {{0.3f, -0.2f}, {0.1f, 0.4f}});
        model("one", Arm.QK, new float[][] {{0, 0}, {0.9f, 0}}); // a of head 1.0, and no other
        model("plain", Arm.NONE, new float[][] {{0, 0}, {0, 0}});
        Tiny.text(work.resolve("text.txt"), 60, 1);
        Tiny.text(work.resolve("other.txt"), 60, 2);
    }

    private static void model(String name, Arm arm, float[][] values) throws IOException {
        Gpt2Config config =
                Gpt2Config.fresh(256, 32, 16, 2, 2).withScalings(IdentityScalings.of(arm, true));
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Engine.getEngine("PyTorch").setRandomSeed(5);
            Gpt2 network = new Gpt2(config);
            network.initialize(manager);
            for (int layer = 0; layer < values.length; layer++) {
                for (Circuit circuit : arm.circuits()) {
                    Weights.overwrite(
                            network.parameters().get(circuit.parameter(layer)).getArray(),
                            values[layer]);
                }
            }
            ModelFolder.save(network, work.resolve(name), TensorType.F32);
        }
    }

    private static Toy.Result run(String words) {
        return Tiny.run((Object[]) words.replace("W/", work + "/").split(" ", -1));
    }

    private static Toy.Result evaluate(String words) {
        return run("evaluate --quiet --data W/text.txt " + words);
    }

    private static JsonNode json(Toy.Result result) throws IOException {
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        return JSON.readTree(result.out());
    }

    private static double nats(String words) throws IOException {
        return json(evaluate(words + " --json -")).path("nats").doubleValue();
    }

    @Test
    void aFactorOfOneMeasuresTheModelAndOneOfZeroThePlainModel() throws IOException {
        assertThat(nats("--model W/both --scale-qk 1 --scale-ov 1"))
                .isEqualTo(nats("--model W/both"));
        double plain = nats("--model W/plain");
        assertThat(nats("--model W/both --scale-qk 0 --scale-ov 0")).isEqualTo(plain);
        assertThat(nats("--model W/both --without-heads 0.0,0.1,1.0,1.1")).isEqualTo(plain);
        assertThat(nats("--model W/both")).isNotEqualTo(plain);
        assertThat(nats("--model W/one --without-heads 1.0")).isEqualTo(plain);
        assertThat(nats("--model W/one --without-heads 0.1,0.0")).isEqualTo(nats("--model W/one"));
    }

    @Test
    void aRecordSaysWhatWasChangedAndOneOfAnUnchangedModelSaysNothing() throws IOException {
        JsonNode changed =
                json(evaluate("--model W/both --scale-ov 0.5 --without-heads 1.1,0.0 --json -"));
        assertThat(changed.path("changed_scalings").toString())
                .isEqualTo(
                        "{\"scale_qk\":1.0,\"scale_ov\":0.5,\"without_heads\":[\"0.0\",\"1.1\"]}");
        assertThat(changed.path("model").asText()).isEqualTo(work.resolve("both").toString());
        assertThat(json(evaluate("--model W/both --scale-qk 1 --json -")).has("changed_scalings"))
                .isFalse();
        assertThat(evaluate("--model W/both --scale-qk 0.5 --without-heads 0.1").out())
                .contains("both, a times 0.5, without head 0.1");
    }

    @Test
    void severalFactorsAreATableAndAListOfAllPairs() throws IOException {
        Toy.Result table = evaluate("--model W/both --scale-qk 0,1 --scale-ov 0.5,1,1.5");
        assertThat(table.out().lines().filter(line -> line.matches("[01] .*"))).hasSize(6);
        JsonNode list =
                json(evaluate("--model W/both --scale-qk 0,1 --scale-ov 0.5,1,1.5 --json -"))
                        .path("measurements");
        assertThat(list).hasSize(6);
        List<String> changes = new ArrayList<>();
        list.forEach(one -> changes.add(one.path("changed_scalings").toString()));
        assertThat(changes.get(0))
                .isEqualTo("{\"scale_qk\":0.0,\"scale_ov\":0.5,\"without_heads\":[]}");
        assertThat(changes.get(4)).isEmpty(); // 1 and 1: the model as it is
        for (JsonNode one : list) {
            JsonNode change = one.path("changed_scalings");
            double alone =
                    nats(
                            "--model W/both --scale-qk %s --scale-ov %s"
                                    .formatted(
                                            change.path("scale_qk").asDouble(1),
                                            change.path("scale_ov").asDouble(1)));
            assertThat(one.path("nats").doubleValue()).isEqualTo(alone);
        }
    }

    @Test
    void aListIsReplacedByAnotherMeasurement() {
        Path file = work.resolve("list.json");
        String list = "--model W/both --scale-qk 0,1 --json " + file;
        assertThat(evaluate(list).code()).isZero();
        assertThat(evaluate("--model W/both --json " + file).code()).isZero();
        assertThat(evaluate(list).code()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--model W/one --scale-ov 1 | has no scalings in its OV circuits (--scale-ov)",
                "--model W/plain --scale-qk 0.5,1 | has no scalings in its QK circuits (--scale-qk)",
                "--model W/plain --without-heads 0.0 | has no scalings (--without-heads)",
                "--model W/both --without-heads 0.0,2.1 | there is no head 2.1: ",
                "--model W/both --without-heads 0.2 | has layers 0 to 1 and heads 0 to 1",
                "--model W/both --scale-qk 1e300 | is beyond float32 when multiplied",
                "--model W/both --scale-qk NaN | 'NaN' is not a number",
                "--model W/both --scale-qk 1,x | 'x' is not a number",
                "--model W/both --without-heads -1.0 | '-1.0' is not a head",
                "--model W/both --without-heads 1 | '1' is not a head",
                "--model W/both --runtime onnx --scale-qk 0 | --scale-qk is for --runtime djl",
                "--model W/both --runtime onnx --scale-ov 0 | --scale-ov is for --runtime djl",
                "--model W/both --runtime onnx --without-heads 0.0 | is for --runtime djl, not for onnx",
            })
    void whatAModelDoesNotHaveIsRefusedInOneLine(String words, String message) {
        Toy.Result result = evaluate(words);
        assertThat(result.code()).isIn(1, 2);
        assertThat(result.out()).isEmpty();
        assertThat(result.errors()).anyMatch(line -> line.contains(message));
        assertThat(result.errors()).hasSizeLessThan(3);
    }

    private static JsonNode ablate(String words) throws IOException {
        Toy.Result result = run("ablate --quiet --data W/text.txt " + words);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        assertThat(result.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
        assertThat(result.out())
                .contains("This is one model", "not over other trainings", "Without one scaling");
        return JSON.readTree(
                Files.readString(
                        work.resolve(words.replaceAll(".*--out W/(\\S+).*", "$1/ablate.json"))));
    }

    @Test
    void everyDoseAndHeadIsWhatEvaluateMeasures() throws IOException {
        JsonNode file = ablate("--model W/both --out W/both-ablated");
        double targets = file.path("text").path("targets").asDouble();
        double trained = nats("--model W/both") / targets;
        double plain = nats("--model W/plain") / targets;
        assertThat(file.path("trained").path("loss").doubleValue()).isEqualTo(trained);
        assertThat(file.path("plain").path("loss").doubleValue()).isEqualTo(plain);
        assertThat(file.path("doses")).hasSize(3 * 7);
        for (JsonNode dose : file.path("doses")) {
            String curve = dose.path("curve").asText();
            double t = dose.path("t").doubleValue();
            double loss =
                    nats(
                                    "--model W/both --scale-qk %s --scale-ov %s"
                                            .formatted(
                                                    curve.equals("ov") ? 1 : t,
                                                    curve.equals("qk") ? 1 : t))
                            / targets;
            assertThat(dose.path("scores").path("loss").doubleValue()).isEqualTo(loss);
            assertThat(dose.path("against_trained").path("value").doubleValue())
                    .isCloseTo(Math.exp(loss - trained), within(1e-12));
        }
        assertThat(file.path("heads")).hasSize(2 * 4);
        List<String> rows = Files.readAllLines(work.resolve("both-ablated/ablate.csv"));
        assertThat(rows).hasSize(1 + 21 + 2 * 8);
        assertThat(rows.get(5)).startsWith("dose,qk,1.0,,,,").endsWith(",1.0,,1.0,1.0");
    }

    @Test
    void theOneNumberThatIsThereDoesAllTheWork() throws IOException {
        JsonNode file = ablate("--model W/one --out W/one-ablated");
        assertThat(file.path("doses")).hasSize(7);
        double trained = file.path("trained").path("loss").doubleValue();
        double plain = file.path("plain").path("loss").doubleValue();
        assertThat(trained).isNotEqualTo(plain);
        for (JsonNode one : file.path("heads")) {
            boolean works = one.path("layer").asInt() == 1 && one.path("head").asInt() == 0;
            assertThat(one.path("alone").path("loss").doubleValue())
                    .isEqualTo(works ? trained : plain);
            assertThat(one.path("without").path("loss").doubleValue())
                    .isEqualTo(works ? plain : trained);
            assertThat(one.path("learned").doubleValue()).isCloseTo(works ? 0.9 : 0, within(1e-7));
        }
    }

    @Test
    void thePageIsMadeAgainFromTheFileAndStandsInTheIndex() throws IOException {
        ablate("--model W/one --out W/page/one");
        Path page = work.resolve("page/one/report.html");
        String made = Files.readString(page);
        assertThat(made).contains("Ablation", "without some of its scalings", "This is one model");
        Files.delete(page);
        assertThat(run("report --quiet W/page/one --png").code()).isZero();
        assertThat(page).hasContent(made);
        assertThat(work.resolve("page/one/charts")).isDirectoryContaining("glob:**alone-qk.png");
        assertThat(run("report --quiet --index W/page").code()).isZero();
        assertThat(work.resolve("page/README.md")).content().contains("without some of its");
        assertThat(run("runs W/page").out()).contains("ablation");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"n_layer\" : 2 | \"n_layer\" : 2000000000 | has each of 4000000000 heads",
                "\"layer\":1 | \"layer\":7 | there is no layer 7",
                "\"head\":1 | \"head\":-1 | there is no head -1",
                "\"t\":0.5 | \"t\":1e999 | t must be finite",
                "\"t\":0.5 | \"q\":0.5 | key doses[2].t: is missing",
                "\"text\" : | \"task\" : | key task",
                "\"learned\":0.0 | \"learned\":\"0\" | expected a number",
            })
    void aDamagedFileIsNamedWithWhatIsWrong(String from, String to, String message)
            throws IOException {
        Path folder = work.resolve("damaged");
        if (!Files.exists(folder)) {
            ablate("--model W/one --out W/damaged");
        }
        Path file = folder.resolve("ablate.json");
        String whole = Files.readString(file);
        assertThat(whole).contains(from);
        Files.writeString(file, whole.replace(from, to));
        Toy.Result result = run("report --quiet W/damaged");
        Files.writeString(file, whole);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors()).singleElement().asString().contains(file.toString(), message);
    }

    @Test
    void aFolderKeepsOneAblation() throws IOException {
        ablate("--model W/one --out W/kept");
        ablate("--model W/one --out W/kept");
        for (String other :
                List.of(
                        "--model W/both --data W/text.txt",
                        "--model W/one --data W/other.txt",
                        "--model W/one --data W/text.txt --block-size 16")) {
            Toy.Result result = run("ablate --quiet " + other + " --out W/kept");
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.errors())
                    .singleElement()
                    .asString()
                    .contains("holds another ablation")
                    .endsWith("(--out)");
        }
        Toy.Result plain = run("ablate --quiet --model W/plain --data W/text.txt");
        assertThat(plain.code()).isEqualTo(1);
        assertThat(plain.errors())
                .singleElement()
                .asString()
                .contains("has no scalings that could be taken away (--model)");
    }
}
