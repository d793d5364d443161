package org.diagonal.eval.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.diagonal.eval.cli.Tiny;
import org.diagonal.eval.cli.Toy;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Wrong files and wrong values: one line that says what is wrong and where, exit code 1, and
 * nothing written. In the tables, W is the folder of this test.
 */
@Tag("slow")
final class MisuseTest {

    @TempDir static Path work;

    @BeforeAll
    static void damage() throws IOException {
        Path model = Tiny.model(work.resolve("model"), 16, 3);
        Path weights = model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);

        ByteBuffer holed = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
        holed.putFloat(bytes.length - Float.BYTES, Float.NaN);
        write("nan", holed.array());
        write("cut", Arrays.copyOf(bytes, bytes.length / 2));
        write("none", new byte[0]);
        Files.delete(work.resolve("none/model.safetensors"));
        Path config = work.resolve("list");
        write("list", bytes);
        Files.writeString(config.resolve("config.json"), "[]");
        // overflows in the head: finite weights, infinite nats
        ByteBuffer large = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = (int) (8 + large.getLong(0)); at < bytes.length; at += Float.BYTES) {
            large.putFloat(at, 1e30f);
        }
        write("large", large.array());
        Tiny.model(work.resolve("without"), Gpt2Config.fresh(300, 16, 16, 2, 2), 3);

        Tiny.text(work.resolve("text.txt"), 20, 1);
        Files.writeString(work.resolve("empty.txt"), "");
        Files.writeString(work.resolve("one.txt"), "a");
        Files.write(work.resolve("binary.txt"), new byte[] {'a', (byte) 0xFF, 'b'});
        Files.writeString(work.resolve("beyond.ids.jsonl"), "[1,2,3]\n[4,256]\n");
        Files.writeString(work.resolve("words.ids.jsonl"), "[1,\"two\"]\n");
        Files.createDirectory(work.resolve("folder"));
    }

    private static void write(String name, byte[] weights) throws IOException {
        Path folder = Files.createDirectories(work.resolve(name));
        Files.copy(work.resolve("model/config.json"), folder.resolve("config.json"));
        Files.write(folder.resolve("model.safetensors"), weights);
    }

    private static Toy.Result run(String words) {
        return Tiny.run((Object[]) words.replace("W/", work + "/").split(" "));
    }

    private static void assertOneLine(Toy.Result result, String command, String message) {
        assertThat(result.errors())
                .containsExactly("diagonal " + command + ": " + message.replace("W/", work + "/"));
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "W/nan W/text.txt | W/nan/model.safetensors: tensor transformer.wte.weight holds NaN"
                        + " at element 4095 of [256, 16]",
                "W/none W/text.txt | W/none: has no weights: expected model.safetensors or"
                        + " model.safetensors.index.json",
                "W/folder W/text.txt | W/folder: is not a model folder: it holds no config.json",
                "W/text.txt W/text.txt | W/text.txt: expected a model folder, found a file",
                "W/without W/text.txt | W/without: has no tokenizer for its vocabulary of 300: put"
                        + " tokenizer.json, or vocab.json and merges.txt, into the folder",
                "W/model W/empty.txt | W/empty.txt is too short: it has no target",
                "W/model W/one.txt | W/one.txt is too short: it has no target",
                "W/model W/binary.txt | W/binary.txt: not UTF-8 at byte offset 1: unexpected byte"
                        + " 0xFF",
                "W/model W/beyond.ids.jsonl | W/beyond.ids.jsonl: line 2: token id 256 is outside"
                        + " the vocabulary of 256",
                "W/model W/words.ids.jsonl | W/words.ids.jsonl: line 1: expected a JSON array of"
                        + " token ids: found [1,\"two\"]",
                "W/model W/text.txt:test | W/text.txt is a file, which has no split test",
                "W/model europarl:tset | europarl:tset: the splits are :train, :validation and"
                        + " :test",
                "W/model W/text.txt --valid-data task:copy | task:copy: is a template task, and a text"
                        + " is needed here",
                "W/model W/text.txt --valid-data W/empty.txt | W/empty.txt is too short: it has no"
                        + " target",
                "W/model W/text.txt --block-size 17 | block size must be from 2 to the model's"
                        + " n_positions: block_size=17, n_positions=16 (--block-size)",
                "W/model W/text.txt --block-size 1 | block size must be from 2 to the model's"
                        + " n_positions: block_size=1, n_positions=16 (--block-size)",
                "W/model W/text.txt --train scalings | training the scalings alone needs scalings,"
                        + " and this network has none (--scalings, --train)",
                "W/model W/text.txt --adapter W/folder | W/folder: is not an adapter folder: it holds"
                        + " no adapter_config.json",
                "W/model W/text.txt --device gpu:99 | device gpu:99 is not there: PyTorch finds 0"
                        + " GPUs",
            })
    void fineTuneRefusesInOneLineAndWritesNothing(String words, String message) {
        String[] modelDataMore = words.split(" ", 3);
        Path out = work.resolve("out");
        Toy.Result result =
                run(
                        "fine-tune --quiet --out %s --model %s --data %s"
                                        .formatted(out, modelDataMore[0], modelDataMore[1])
                                + (modelDataMore.length > 2 ? " " + modelDataMore[2] : ""));
        assertOneLine(result, "fine-tune", message);
        assertThat(out).doesNotExist();
    }

    @Test
    void pretrainRefusesAFolderWithoutATokenizer() {
        String line = "pretrain --quiet --data W/text.txt --tokenizer W/without --out W/out";
        String message =
                "W/without: has no tokenizer: put tokenizer.json, or vocab.json and merges.txt, into"
                        + " the folder";
        assertOneLine(run(line), "pretrain", message);
        assertThat(work.resolve("out")).doesNotExist();
    }

    @Test
    void aTruncatedFileSaysHowLongItShouldBe() throws IOException {
        Toy.Result result = run("evaluate --quiet --model W/cut --data W/text.txt");
        long whole = Files.size(work.resolve("model/model.safetensors"));
        assertOneLine(
                result,
                "evaluate",
                "W/cut/model.safetensors: is truncated: expected %d bytes, found %d"
                        .formatted(whole, whole / 2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "W/model W/empty.txt | W/empty.txt: the text is too short for hf-strided: ids=0,"
                        + " needed=2",
                "W/model W/one.txt | W/one.txt: the text is too short for hf-strided: ids=1,"
                        + " needed=2",
                "W/model W/one.txt --protocol run-clm | W/one.txt: the text is too short for one"
                        + " block of run-clm: block_size=16, ids in the longest group of 1000"
                        + " rows=1",
                "W/model W/text.txt --block-size 17 | block size must not exceed the model's"
                        + " context: block_size=17, context=16",
                "W/model W/text.txt --stride 17 | stride must be from 1 to the block size:"
                        + " stride=17, block_size=16",
                "W/model W/text.txt --json W/folder | W/folder: --json: is a folder, not a file",
                "W/model W/text.txt --json W/text.txt/x | W/text.txt/x: cannot be written:"
                        + " W/text.txt is no folder",
                "W/model W/text.txt --adapter W/nowhere | W/nowhere: no such adapter folder",
            })
    void evaluateRefusesInOneLine(String words, String message) {
        String[] modelDataMore = words.split(" ", 3);
        Toy.Result result =
                run(
                        "evaluate --quiet --model %s --data %s"
                                        .formatted(modelDataMore[0], modelDataMore[1])
                                + (modelDataMore.length > 2 ? " " + modelDataMore[2] : ""));
        assertOneLine(result, "evaluate", message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "n_layer | 1000000 | n_layer must be at most 10000 where weights are drawn: 1000000",
                "n_positions | 2000000000 | weights of 128 GB do not fit into the ",
                "n_embd | 2147483647 | W/huge/config.json: n_embd is too large: 2147483647",
            })
    void sizesThatNoWeightsVouchForAreRefusedBeforeMemoryRunsOut(
            String key, long value, String message) throws IOException {
        Path folder = work.resolve("huge");
        String config = Files.readString(work.resolve("model/config.json"));
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("config.json"),
                config.replaceFirst("(\"%s\"\\s*:\\s*)\\d+".formatted(key), "$1" + value));
        for (String command :
                new String[] {
                    "fine-tune --quiet --init random --data W/text.txt --max-steps 1 --out W/out",
                    "bench --quiet --steps 1"
                }) {
            Toy.Result result = run(command + " --model W/huge");
            assertThat(result.errors())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "diagonal %s: %s"
                                    .formatted(
                                            command.split(" ", 2)[0],
                                            message.replace("W/", work + "/")));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kernel --data task:aba-abb --n 999999999 | n must be at most 1,000,000 where samples",
                "curve --data task:aba-abb --n 4 --trials 999999999 --plan --out W/c | a curve has at most",
                "bench --network template-transformer --batch-size 999999999 --steps 1 | numbers that"
            })
    void numbersThatNobodyCanWaitForAreRefused(String words, String message) {
        Toy.Result result = run(words);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors())
                .singleElement()
                .asString()
                .startsWith("diagonal " + words.split(" ", 2)[0] + ": " + message);
    }

    @Test
    void aConfigurationThatIsNoObjectIsNamed() {
        Toy.Result result = run("evaluate --quiet --model W/list --data W/text.txt");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors())
                .singleElement()
                .asString()
                .startsWith("diagonal evaluate: " + work.resolve("list/config.json") + ": ");
    }

    @Test
    void weightsThatGiveNoNumbersAreNoBugOfTheProgram() {
        Toy.Result evaluated = run("evaluate --quiet --model W/large --data W/text.txt");
        assertThat(evaluated.code()).isEqualTo(1);
        assertThat(evaluated.errors())
                .singleElement()
                .asString()
                .startsWith("diagonal evaluate: " + work + "/large: the model gives nats of ");

        Toy.Result trained =
                run("fine-tune --quiet --model W/large --data W/text.txt --out W/diverged");
        assertThat(trained.code()).isEqualTo(1);
        assertThat(trained.errors())
                .containsExactly(
                        "diagonal fine-tune: the loss was not finite in steps 1 to 3, so the"
                                + " training stopped; no checkpoint was due yet; a lower learning"
                                + " rate, or clipping the gradients, may help (--lr, --clip)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"W/text.txt", "W/text.txt/out", "W/model"})
    void aPlaceThatCannotHoldARunIsRefused(String out) throws IOException {
        List<Path> before = tree();
        Toy.Result result = run("fine-tune --quiet --model W/model --data W/text.txt --out " + out);
        String why =
                switch (out) {
                    case "W/text.txt" -> ": is a file, not a folder";
                    case "W/model" -> ": is not empty and is not a run folder (contains ";
                    default -> ": cannot be written: " + work.resolve("text.txt") + " is no folder";
                };
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors())
                .singleElement()
                .asString()
                .startsWith("diagonal fine-tune: " + out.replace("W/", work + "/") + why);
        assertThat(tree()).isEqualTo(before);
    }

    private static List<Path> tree() throws IOException {
        try (var files = Files.walk(work)) {
            return new ArrayList<>(files.sorted().toList());
        }
    }
}
