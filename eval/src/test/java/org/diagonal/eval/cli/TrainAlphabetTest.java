package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks that are trained on strings of an alphabet whose size is given. */
@Tag("slow")
final class TrainAlphabetTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String BRIEF =
            " --quiet --n 8 --trials 1 --epochs 4 --valid-n 8 --test-n 12 --threads 1";

    private static final String TRANSFORMER =
            " --depth 1 --width 16 --heads 2 --head-width 8 --mlp-width 16 --arms none,qk";

    private static final String TUNED =
            " --quiet --symbols names --alphabets 12,8,8 --samples 20 --valid-samples 8"
                    + " --max-steps 3 --test-samples 30";

    @TempDir Path work;

    private Toy.Result run(String words) {
        return Tiny.run((Object[]) words.replace("W/", work + "/").split(" +"));
    }

    private Toy.Result done(String words) {
        Toy.Result result = run(words);
        assertThat(result.code()).as(result.err()).isZero();
        return result;
    }

    private JsonNode json(String file) throws IOException {
        return JSON.readTree(Files.readString(work.resolve(file)));
    }

    private List<String> trials(String out) throws IOException {
        try (Stream<Path> files = Files.list(work.resolve(out).resolve("trials"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    /** What of the trials' results does not depend on time or on names of tasks. */
    private List<String> results(String out) throws IOException {
        List<String> results = new ArrayList<>();
        for (String trial : trials(out)) {
            ObjectNode result = (ObjectNode) json(out + "/trials/" + trial).path("result");
            result.remove("seconds");
            results.add(result.toString());
        }
        return results.stream().sorted().toList();
    }

    @Test
    void aTrialOnAlphabetsOfTheImpliedSizeIsTheSameTrial() throws Exception {
        String curve = "curve --data task:aba-abb" + BRIEF + TRANSFORMER;
        done(curve + " --out W/implied");
        Toy.Result fixed = done(curve + " --train-alphabet 8 --out W/fixed");
        assertThat(trials("fixed")).isEqualTo(trials("implied"));
        assertThat(results("fixed")).isEqualTo(results("implied"));
        assertThat(json("fixed/curve.json").at("/settings/samples/train_alphabet").asInt())
                .isEqualTo(8);
        assertThat(json("implied/curve.json").at("/settings/samples").has("train_alphabet"))
                .isFalse();
        done(curve.replace("--n 8", "--n 8,16") + " --train-alphabet 5 --out W/five");
        for (String trial : trials("five")) {
            assertThat(json("five/trials/" + trial).at("/trial/samples/train_alphabet").asInt())
                    .isEqualTo(5);
        }
        assertThat(fixed.out()).doesNotContain("as many symbols");
        assertThat(Files.readString(work.resolve("five/report.html")))
                .contains("Training strings are drawn from 5 symbols at every n");
    }

    @Test
    void theTrainingAlphabetOfAFineTuningIsAsGood() throws Exception {
        Tiny.model(work.resolve("model"), 32, 3);
        String tune =
                "fine-tune --model W/model --data task:aba-abb --scalings qk"
                        + TUNED.replace(" --test-samples 30", "");
        done(tune + " --out W/three");
        done(tune.replace("12,8,8", "30,8,8 --train-alphabet 30") + " --out W/first");
        assertThat(json("first/run.json").at("/settings/train_alphabet").asInt()).isEqualTo(30);
        done(
                tune.replace(" --alphabets 12,8,8", "")
                                .replace(" --symbols names", "")
                                .replace("W/model", "nano")
                        + " --train-alphabet 12 --out W/k");
        assertThat(json("k/run.json").at("/settings/train_alphabet").asInt()).isEqualTo(12);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "curve --data task:aba-abb --train-alphabet 1 --out W/no | 1 | curve: aba-abb: an"
                        + " injective map needs at least 2 symbols for the wildcards of \"αβα\","
                        + " but the training alphabet has 1",
                "curve --data task:aba-abb --train-alphabet 0 --out W/no | 2 | curve:"
                        + " --train-alphabet: must be 1 or more, not 0",
                "fine-tune --model W/model --data task:aba-abb --train-alphabet 1 --max-steps 1"
                        + " --out W/no --symbols names | 1 | fine-tune: aba-abb: an injective map"
                        + " needs at least 2 symbols for the wildcards of \"αβα\", but the"
                        + " training alphabet has 1",
                "fine-tune --model W/model --data task:aba-abb --alphabets 8,8,8 --train-alphabet 9"
                        + " --out W/no | 2 | fine-tune: --train-alphabet 9: --alphabets says 8;"
                        + " give one of the two",
                "compare --model W/model --data W/t.txt --train-alphabet 9 --out W/no | 2 |"
                        + " compare: --train-alphabet is for --data task:NAME, not for texts",
            })
    void whatDoesNotFitIsOneLineAndWritesNothing(String words, int code, String message)
            throws Exception {
        Tiny.model(work.resolve("model"), 32, 3);
        Tiny.text(work.resolve("t.txt"), 20, 1);
        Toy.Result refused = run(words);
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.errors().get(0)).isEqualTo("diagonal " + message);
        assertThat(refused.errors()).hasSize(code);
        assertThat(work.resolve("no")).doesNotExist();
    }
}
