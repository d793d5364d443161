package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.diagonal.eval.cli.console.HelpTextTest;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BenchCommandTest {

    @TempDir Path folder;

    @BeforeEach
    void architecture() throws IOException {
        Files.writeString(folder.resolve("config.json"), Gpt2Config.fresh(97, 32, 24, 2, 3).json());
    }

    private Toy.Result bench(String... more) {
        List<String> args = new ArrayList<>(List.of("bench", "--quiet", "--steps", "1"));
        args.addAll(List.of(more));
        if (!args.contains("--network")) {
            args.addAll(List.of("--model", folder.toString()));
        }
        return Toy.run(new HelpTextTest.Table(), args.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--model gpt2", "--block-size 256", "--dropout 0.1"})
    void theTemplateTransformerRefusesWhatIsForGpt2(String words) throws IOException {
        String[] option = words.split(" ", 2);
        List<String> said =
                List.of(
                        "diagonal bench: "
                                + option[0]
                                + " is for --network gpt2, not for template-transformer",
                        "See diagonal bench --help.");
        Toy.Result flag = bench("--network", "template-transformer", option[0], option[1]);
        assertThat(flag.code()).isEqualTo(2);
        assertThat(flag.errors()).isEqualTo(said);
        Path yaml = folder.resolve("bench.yaml");
        Files.writeString(yaml, option[0].substring(2) + ": " + option[1] + "\n");
        Toy.Result file = bench("--network", "template-transformer", "--config", yaml.toString());
        assertThat(file.code()).isEqualTo(2);
        assertThat(file.errors()).isEqualTo(said);
    }

    @Test
    void everyArmIsMeasuredAtEveryLength() throws IOException {
        Path json = folder.resolve("bench.json");
        Toy.Result result =
                bench(
                        "--scalings",
                        "none,both",
                        "--block-size",
                        "32,16",
                        "--json",
                        json.toString());
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        String number = " +[0-9.]+";
        assertThat(result.out().lines())
                .filteredOn(line -> line.matches("(none|both) .*"))
                .hasSize(4)
                .allMatch(line -> line.matches("\\w+ +1 +(32|16)(" + number + "){7} +([0-9.]+|-)"));
        assertThat(result.out().lines())
                .filteredOn(line -> !line.startsWith("Model "))
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
        assertThat(result.out()).contains("2 layers, 3 heads, width 24", "no dropout", "PyTorch");
        JsonNode rows = new ObjectMapper().readTree(json.toFile()).path("configurations");
        assertThat(rows.findValuesAsText("scalings"))
                .containsExactly("none", "both", "none", "both");
        assertThat(rows.findValuesAsText("block_size")).containsExactly("32", "32", "16", "16");
    }

    @Test
    void lengthsOfTheDefaultAreCutToTheContextAndThoseOfAUserAreRefused() {
        Toy.Result result = bench("--scalings", "qk", "--dropout", "0.1");
        assertThat(result.out().lines()).filteredOn(line -> line.startsWith("qk ")).hasSize(1);
        assertThat(result.out()).contains("dropout 0.1").containsPattern("qk +1 +32 ");
        Toy.Result refused = bench("--block-size", "16,33");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.errors())
                .containsExactly(
                        "diagonal bench: --block-size must be from 2 to the model's n_positions:"
                                + " block-size=33, n_positions=32");
    }

    @Test
    void theTemplateTransformerIsMeasuredInSamples() throws IOException {
        Path json = folder.resolve("samples.json");
        Toy.Result result =
                bench(
                        "--network",
                        "template-transformer",
                        "--batch-size",
                        "16",
                        "--json",
                        json.toString());
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("Samples/s", "2 layers, 16 heads of 64");
        assertThat(result.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
        JsonNode rows = new ObjectMapper().readTree(json.toFile()).path("configurations");
        assertThat(rows.findValues("samples_per_second")).hasSize(2);
    }
}
