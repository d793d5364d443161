package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.diagonal.plugin.checkpoint.Checkpoint;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.identity.IdentityScalings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InspectCommandTest {

    private static final String HEADER =
            "layer,head,circuit,folded,diag_mean,diag_std,off_mean,off_std,z,diag_share,"
                    + "trace_over_d,learned,p,p_adjusted";

    @TempDir static Path work;

    @BeforeAll
    static void models() throws IOException {
        Tiny.model(work.resolve("plain"), 16, 3);
        Gpt2Config scaled =
                Gpt2Config.fresh(256, 16, 16, 2, 2).withScalings(new IdentityScalings(2, 1, true));
        Tiny.model(work.resolve("scaled"), scaled, 4);
        Tiny.model(work.resolve("wide"), Gpt2Config.fresh(256, 16, 32, 2, 2), 3);
    }

    private static Toy.Result inspect(String words) {
        return Tiny.run(
                (Object[]) ("inspect --quiet " + words).replace("W/", work + "/").split(" ", -1));
    }

    private static List<CSVRecord> csv(Path file) throws IOException {
        assertThat(Files.readAllLines(file).get(0)).isEqualTo(HEADER);
        CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
        return format.parse(Files.newBufferedReader(file)).getRecords();
    }

    private static JsonNode json(String folder) throws IOException {
        return new ObjectMapper().readTree(work.resolve(folder + "/inspect.json").toFile());
    }

    @Test
    void everyHeadIsInBothFilesWithTheSameNumbers() throws IOException {
        Toy.Result result = inspect("--model W/scaled --out W/both");
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        assertThat(result.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
        assertThat(result.out())
                .contains("scaled: the diagonals of 4 heads", "QK: 0 of 4 heads", "Learned", "Sum");
        List<CSVRecord> rows = csv(work.resolve("both/heads.csv"));
        JsonNode heads = json("both").path("heads");
        assertThat(rows).hasSize(2 * 2 * 2 * 2);
        assertThat(heads).hasSize(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            for (String column : HEADER.split(",", -1)) {
                assertThat(rows.get(i).get(column)).isEqualTo(heads.get(i).path(column).asText());
            }
            double own = heads.get(i).path("trace_over_d").asDouble();
            assertThat(heads.get(i).path("learned").asDouble(1)).isZero(); // as a fresh one is
            assertThat(heads.get(i).path("sum").asDouble()).isEqualTo(own);
        }
    }

    @Test
    void everyHeadHasAPAndTheErrorRateOfAllOfThemIsSaid() throws IOException {
        Toy.Result result = inspect("--model W/wide --out W/chance");
        assertThat(result.out().replace('\n', ' '))
                .contains("beyond chance, ", "1 % of models with random heads have one");
        JsonNode json = json("chance");
        assertThat(json.path("error_rate").asDouble()).isEqualTo(0.01);
        double bar = json.path("baseline").get(0).path("p_bar").asDouble();
        assertThat(1 - Math.pow(1 - bar, 4)).isCloseTo(0.01, within(1e-6));
        for (JsonNode head : json.path("heads")) {
            double p = head.path("p").asDouble();
            assertThat(p).isBetween(1e-300, 1.0);
            assertThat(head.path("p_adjusted").asDouble())
                    .isCloseTo(1 - Math.pow(1 - p, 4), within(1e-6));
        }
    }

    @Test
    void theSameHeadsBeforeStandBeside() throws IOException {
        Toy.Result result = inspect("--model W/scaled --against W/plain --out W/change");
        assertThat(result.code()).isZero();
        assertThat(result.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
        assertThat(result.out().replace('\n', ' '))
                .contains(
                        "z before", "Sum before", "QK: a, learned and own together, changed most");
        inspect("--model W/plain --out W/base");
        assertThat(work.resolve("change/heads-against.csv"))
                .hasSameTextualContentAs(work.resolve("base/heads.csv"));
        JsonNode change = json("change");
        assertThat(change.path("against").path("attention_sha256"))
                .isEqualTo(json("base").path("model").path("attention_sha256"));
        assertThat(change.path("heads").get(5).path("against").path("z"))
                .isEqualTo(json("base").path("heads").get(5).path("z"));
    }

    @Test
    void whatAPictureNeedsIsThere() throws IOException {
        inspect("--model W/wide --out W/pictures");
        JsonNode result = json("pictures");
        assertThat(result.path("version").asInt()).isEqualTo(1);
        assertThat(result.path("baseline").findValuesAsText("circuit"))
                .containsExactly("QK", "QK", "OV", "OV");
        assertThat(result.path("strongest")).hasSize(6);
        for (JsonNode head : result.path("strongest")) {
            JsonNode thumbnail = head.path("thumbnail");
            assertThat(thumbnail.path("cells").asInt()).isEqualTo(32);
            assertThat(thumbnail.path("rows")).hasSize(32);
            assertThat(thumbnail.path("rows").get(31)).hasSize(32);
            assertThat(sum(head.path("histogram").path("diagonal"))).isEqualTo(32);
            assertThat(sum(head.path("histogram").path("off_diagonal"))).isEqualTo(32 * 31);
        }
    }

    private static long sum(JsonNode counts) {
        long sum = 0;
        for (JsonNode count : counts) {
            sum += count.asLong();
        }
        return sum;
    }

    @Test
    void theStrongestHeadsAreListedAsManyAsAsked() {
        assertThat(inspect("--model W/wide --top 3").out().lines())
                .filteredOn(line -> line.matches("(QK|OV) \\d\\.\\d .*"))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    }

    @Test
    void oneHeadIsDrawnInBothCircuits() throws IOException {
        Toy.Result result = inspect("--model W/wide --head 1.0 --matrix --out W/drawn");
        assertThat(result.code()).isZero();
        assertThat(result.out().lines())
                .filteredOn(line -> line.matches("(QK|OV) 1\\.0 .*"))
                .hasSize(2);
        for (String circuit : List.of("qk", "ov")) {
            BufferedImage image =
                    ImageIO.read(work.resolve("drawn/head-1.0-" + circuit + ".png").toFile());
            assertThat(image.getWidth()).isEqualTo(512);
            assertThat(image.getHeight()).isEqualTo(512);
        }
    }

    @Test
    void sideBySideAndOneAfterTheOtherGiveTheSameBytes() throws IOException {
        inspect("--model W/plain --out W/one --threads 1 --seed 5");
        inspect("--model W/plain --out W/two --seed 5");
        assertThat(work.resolve("one/inspect.json"))
                .hasSameTextualContentAs(work.resolve("two/inspect.json"));
        inspect("--model W/plain --out W/other --seed 6");
        assertThat(work.resolve("other/heads.csv"))
                .hasSameTextualContentAs(work.resolve("one/heads.csv"));
        assertThat(json("other").path("baseline")).isNotEqualTo(json("one").path("baseline"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--model W/nowhere | W/nowhere: no such path, nor a known model",
                "--model W/plain --head 2.0 | there is no head 2.0: W/plain has layers 0 to 1 and heads 0 to"
                        + " 1",
                "--model W/plain --against W/wide | models of different shapes have no head in"
                        + " common: 2 layers, 2 heads, width 16 of W/plain, and 2 layers, 2 heads,"
                        + " width 32 of W/wide",
                "--model W/plain --out W/plain/config.json | W/plain/config.json/inspect.json:"
                        + " cannot be written: W/plain/config.json is no folder",
            })
    void misuseIsRefusedInOneLine(String words, String message) {
        Toy.Result result = inspect(words);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.errors())
                .singleElement()
                .asString()
                .startsWith("diagonal inspect: " + message.replace("W/", work + "/"));
    }

    @Test
    void anInspectionOfAnotherModelOrOfANewerProgramIsNotOverwritten() throws IOException {
        assertThat(inspect("--model W/plain --out W/kept").code()).isZero();
        Path file = work.resolve("kept/inspect.json");
        String before = Files.readString(file);
        Toy.Result other = inspect("--model W/scaled --out W/kept");
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.errors())
                .containsExactly(
                        "diagonal inspect: %s/kept holds the heads of another model, %s/plain;"
                                        .formatted(work, work)
                                + " choose another folder (--out)");
        assertThat(file).hasContent(before);
        assertThat(inspect("--model W/plain --out W/kept").code()).isZero();
        Files.writeString(file, before.replaceFirst("\"version\" : 1", "\"version\" : 2"));
        assertThat(inspect("--model W/plain --out W/kept").errors())
                .containsExactly(
                        "diagonal inspect: %s: key version: expected 1, found 2: a newer version of"
                                        .formatted(file)
                                + " this program wrote it");
    }

    @Test
    void gpt2sHeadsAreReadFromAFileOfItsAttentionAlone() throws IOException {
        Path gpt2 =
                Path.of(System.getProperty("diagonal.shared"))
                        .resolve("checkpoints/gpt2-124m-attention-f16");
        assumeTrue(Files.isDirectory(gpt2), () -> "no checkpoint beside this checkout: " + gpt2);
        Toy.Result result = inspect("--model " + gpt2 + " --out W/gpt2");
        assertThat(result.code()).isZero();
        JsonNode inspected = json("gpt2");
        assertThat(inspected.path("heads")).hasSize(144 * 2 * 2);
        // The paper's pictures show these diagonals: layer 0, heads 1, 5 and 10.
        assertThat(inspected.path("strongest").get(0).path("layer").asInt()).isZero();
        assertThat(inspected.path("strongest").get(0).path("head").asInt()).isEqualTo(5);
        assertThat(inspected.path("strongest").get(0).path("z").asDouble())
                .isCloseTo(202.88, within(0.01));
        Checkpoint checkpoint = Checkpoint.open(gpt2);
        List<String> read =
                checkpoint.names().stream()
                        .filter(name -> name.matches(".*(c_attn|c_proj|ln_1)\\.weight"))
                        .toList();
        assertThat(inspected.path("model").path("attention_sha256").asText())
                .isEqualTo(checkpoint.sha256(read));
    }
}
