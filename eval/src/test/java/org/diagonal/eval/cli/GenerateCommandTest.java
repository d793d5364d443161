package org.diagonal.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.gpt2.Gpt2;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.gpt2.ModelFolder;
import org.diagonal.plugin.identity.IdentityScalings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command line says and shows when a model goes on with a text. */
@Tag("slow")
final class GenerateCommandTest {

    @TempDir static Path work;

    @BeforeAll
    static void models() throws IOException {
        Tiny.model(work.resolve("bytes"), bytes(""), 3);
        Tiny.model(work.resolve("without"), Gpt2Config.fresh(300, 16, 16, 2, 2), 3);
        Tiny.model(work.resolve("real"), bytes("").withRegression(), 3);
    }

    /** Bytes as the vocabulary, 16 positions, and no end of text unless it is named. */
    private static Gpt2Config bytes(String more) {
        return Gpt2Config.parse(
                """
                {"vocab_size": 256, "n_positions": 16, "n_embd": 16, "n_layer": 2, "n_head": 2,
                 "initializer_range": 0.4%s}
                """
                        .formatted(more));
    }

    private static Toy.Result generate(Object... words) {
        Object[] line = new Object[words.length + 1];
        line[0] = "generate";
        System.arraycopy(words, 0, line, 1, words.length);
        for (int i = 0; i < line.length; i++) {
            line[i] = line[i].toString().replace("W/", work + "/");
        }
        return Tiny.run(line);
    }

    private static Toy.Result piped(byte[] stdin, Object... words) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(stdin));
        try {
            return generate(words);
        } finally {
            System.setIn(before);
        }
    }

    private static Toy.Result piped(String stdin, Object... words) {
        return piped(stdin.getBytes(StandardCharsets.UTF_8), words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"The European Union", "Ich möchte 3 € 😀 日本", "a\nb ", " "})
    void stdoutHoldsThePromptAndItsContinuationAndNothingElse(String prompt) {
        Toy.Result result = generate("--model", "nano", "--prompt", prompt, "--max-new-tokens", 12);
        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .startsWith(prompt)
                .endsWith(System.lineSeparator())
                .hasSizeGreaterThan(prompt.length() + 5);
    }

    @Test
    void aSeedRepeatsAndGreedyNeedsNone() {
        Object[] line = {"--model", "nano", "--prompt", "We", "--max-new-tokens", 12};
        String greedy = generate(line).out();
        assertThat(generate(with(line, "--seed=7")).out()).isEqualTo(greedy);
        assertThat(generate(with(line, "--temperature=0")).out()).isEqualTo(greedy);
        Object[] drawn = with(with(line, "--top-k=40"), "--top-p=0.95");
        String text = generate(drawn).out();
        assertThat(generate(drawn).out()).isEqualTo(text).isNotEqualTo(greedy);
    }

    @Test
    void anEmptyPromptBeginsAText() {
        Toy.Result result = generate("--model", "nano", "--prompt", "", "--max-new-tokens", 5);
        assertThat(result.code()).isZero();
        assertThat(result.out()).doesNotContain("endoftext").isNotBlank();
        Toy.Result without = generate("--model", "W/bytes", "--prompt", "");
        assertThat(without.code()).isEqualTo(1);
        assertThat(without.errors())
                .containsExactly(
                        "diagonal generate: the prompt is empty, and the model has no end-of-text"
                                + " token to begin with");
    }

    @Test
    void aPromptComesThroughAPipeWithoutTheLineBreakThatEchoAdds() {
        Object[] line = {"--model", "W/bytes", "--max-new-tokens", 4};
        String named =
                generate("--model", "W/bytes", "--max-new-tokens", 4, "--prompt", "é, b").out();
        assertThat(named).startsWith("é, b");
        assertThat(piped("é, b", line).out()).isEqualTo(named);
        assertThat(piped("é, b\n", line).out()).isEqualTo(named);
        assertThat(
                        piped(
                                        "é, b\r\n",
                                        "--prompt",
                                        "-",
                                        "--max-new-tokens",
                                        4,
                                        "--model",
                                        "W/bytes")
                                .out())
                .isEqualTo(named);
        assertThat(piped("é, b\n\n", line).out()).startsWith("é, b\n");
        Toy.Result broken = piped(new byte[] {'a', (byte) 0xC3}, line);
        assertThat(broken.code()).isEqualTo(1);
        assertThat(broken.errors())
                .containsExactly("diagonal generate: stdin: the prompt is not UTF-8");
    }

    @Test
    void withoutAPromptATerminalIsNotWaitedFor() {
        System.setProperty("diagonal.stdin", "terminal");
        try {
            Toy.Result result = generate("--model", "nano");
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.errors())
                    .containsExactly(
                            "diagonal generate: missing --prompt TEXT, or a text on stdin",
                            "See diagonal generate --help.");
        } finally {
            System.clearProperty("diagonal.stdin");
        }
    }

    @Test
    void theEndOfTheContextIsSaidUnlessQuiet() {
        Toy.Result full = generate("--model", "W/bytes", "--prompt", "0123456789");
        assertThat(full.code()).isZero();
        assertThat(full.errors())
                .containsExactly("Stopped after 7 new tokens: the model's context is full.");
        Toy.Result quiet = generate("--model", "W/bytes", "--prompt", "0123456789", "--quiet");
        assertThat(quiet.err()).isEmpty();
        assertThat(quiet.out()).isEqualTo(full.out());
    }

    @Test
    void verboseEndsWithTheSpeed() {
        Toy.Result result =
                generate(
                        "--model", "W/bytes", "--prompt", "ab", "--max-new-tokens", 3, "--verbose");
        assertThat(result.errors().get(result.errors().size() - 1))
                .matches("3 tokens after a prompt of 2: \\d+\\.\\d\\d s, then \\d+\\.\\d tokens/s");
    }

    @Test
    void theTokenThatEndsATextIsNotPrinted() throws IOException {
        Object[] ids = {"--ids", "--prompt", "1 2 3", "--max-new-tokens", 6, "--model"};
        String all = generate(with(ids, "W/bytes")).out().strip();
        String[] words = all.split(" ", -1);
        assertThat(words).hasSize(9);
        Path ending = work.resolve("ending");
        Tiny.model(ending, bytes(", \"eos_token_id\": " + words[3]), 3);
        Toy.Result ended = generate(with(ids, ending));
        assertThat(ended.out().strip()).isEqualTo("1 2 3");
        assertThat(ended.code()).isZero();
    }

    private static Object[] with(Object[] words, Object last) {
        Object[] all = Arrays.copyOf(words, words.length + 1);
        all[words.length] = last;
        return all;
    }

    @ParameterizedTest
    @CsvSource({"2 1 0 2 1 0, 0 0 1 1 2 2", "'0,0,2, 1 1 1', 0 0 1 1 1 2"})
    void theSortingModelSortsIds(String prompt, String sorted) {
        Path folder = Path.of(System.getProperty("diagonal.shared"), "checkpoints/nano-sort-gpt2");
        assumeTrue(Files.isDirectory(folder), () -> "no data beside this checkout: " + folder);
        Toy.Result result =
                generate("--model", folder, "--ids", "--prompt", prompt, "--max-new-tokens", 6);
        assertThat(result.err()).isEmpty();
        assertThat(result.out().strip()).isEqualTo(prompt.replaceAll("[, ]+", " ") + " " + sorted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "W/real ab | W/real reads out a real number and generates no text",
                "W/without ab | W/without: has no tokenizer for its vocabulary of 300: put"
                        + " tokenizer.json, or vocab.json and merges.txt, into the folder; or give"
                        + " ids (--ids)",
                "W/bytes 0123456789abcdefg | the prompt is longer than the model's context:"
                        + " tokens=17, n_positions=16",
                "W/nothing ab | W/nothing: no such path, nor a known model (nano, gpt2,"
                        + " gpt2-medium, gpt2-large, gpt2-xl, distilgpt2)",
                "W/bytes 3,256 --ids | the prompt's id 256 is outside the vocabulary of 256",
            })
    void whatCannotBeDoneIsOneLine(String words, String message) {
        String[] modelPromptMore = words.split(" ", 3);
        Object[] line = {"--model", modelPromptMore[0], "--prompt", modelPromptMore[1]};
        Toy.Result result =
                modelPromptMore.length > 2
                        ? generate(with(line, modelPromptMore[2]))
                        : generate(line);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors())
                .containsExactly("diagonal generate: " + message.replace("W/", work + "/"));
        assertThat(result.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--prompt a | missing --model M",
                "--model nano --prompt a --top-p 0 | --top-p: must lie in 0 to 1, 0 excluded, not 0",
                "--model nano --prompt a --top-p 1.1 | --top-p: must lie in 0 to 1, 0 excluded,"
                        + " not 1.1",
                "--model nano --prompt a --top-k 0 | --top-k: must be 1 or more, not 0",
                "--model nano --prompt a --temperature -1 | --temperature: must be 0 or more,"
                        + " not -1",
                "--model nano --prompt a --max-new-tokens 0 | --max-new-tokens: must be 1 or more,"
                        + " not 0",
                "--model nano --prompt 1,x --ids | --ids: the prompt holds 'x', which is no id",
                "--model nano --prompt -1 --ids | --ids: the prompt holds '-1', which is no id"
            })
    void wrongUsageIsRefused(String words, String message) {
        Toy.Result result = generate((Object[]) words.split(" ", -1));
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.errors())
                .containsExactly("diagonal generate: " + message, "See diagonal generate --help.");
    }

    private static void scaledModel(Path folder) throws IOException {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Engine.getEngine("PyTorch").setRandomSeed(4);
            Gpt2 network = new Gpt2(bytes("").withScalings(new IdentityScalings(1, 1, true)));
            network.initialize(manager);
            for (String name : network.scalings()) {
                network.parameters().get(name).getArray().set(new float[] {0.3f, -0.2f});
            }
            ModelFolder.save(network, folder, TensorType.F32);
        }
    }

    @Test
    void anExportedFolderGeneratesTheSameText() throws IOException {
        Path folder = work.resolve("both");
        scaledModel(folder);
        Path exported = work.resolve("exported");
        assertThat(Tiny.run("export", "--quiet", "--model", folder, "--out", exported).code())
                .isZero();
        Object[] more = {"--prompt", "a€", "--model"};
        String expected = generate(with(more, folder)).out();
        Toy.Result automatic = generate(with(more, exported));
        assertThat(automatic.out()).isEqualTo(expected);
        assertThat(automatic.code()).isZero();
        assertThat(generate(with(with(more, exported), "--runtime=onnx")).out())
                .isEqualTo(expected);
        assertThat(generate(with(with(more, exported), "--runtime=djl")).errors())
                .containsExactly(
                        "diagonal generate: %s: is an exported folder, whose weights only ONNX"
                                        .formatted(exported)
                                + " Runtime runs (--runtime)");
        assertThat(generate(with(with(more, folder), "--runtime=onnx")).errors())
                .containsExactly(
                        "diagonal generate: %s: is not an exported folder: it holds no onnx/model.onnx;"
                                        .formatted(folder)
                                + " diagonal export makes one");
        // folders that others publish hold both: DJL is the usual one
        Files.copy(folder.resolve("model.safetensors"), exported.resolve("model.safetensors"));
        assertThat(generate(with(with(more, exported), "--runtime=onnx")).code()).isZero();
    }

    @Test
    void everyOptionMayStandInAFile() throws IOException {
        Path file =
                Files.writeString(
                        work.resolve("generate.yaml"),
                        "model: nano\nprompt: We\ntop-k: 5\nmax-new-tokens: 3\nseed: 9\n");
        Toy.Result configured = generate("--config", file);
        assertThat(configured.code()).isZero();
        assertThat(configured.out())
                .isEqualTo(
                        generate(
                                        "--model",
                                        "nano",
                                        "--prompt",
                                        "We",
                                        "--top-k",
                                        5,
                                        "--max-new-tokens",
                                        3,
                                        "--seed",
                                        9)
                                .out());
    }
}
