package org.diagonal.plugin.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.EncodingType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.diagonal.plugin.files.JsonFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTokenizerTest {

    private static final int GPT2 = 50_257;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    private static long[] ids(ModelTokenizer tokenizer, String text) {
        return tokenizer.tokenizer().encode(text).getIds();
    }

    @Test
    void aFolderWithoutFilesGetsGpt2ForItsVocabulary() throws IOException {
        try (ModelTokenizer gpt2 = ModelTokenizer.open(folder, GPT2)) {
            assertThat(ids(gpt2, "Hello world")).containsExactly(15496, 995);
            assertThat(ids(gpt2, "a<|endoftext|>b")).containsExactly(64, 50256, 65);
            assertThat(gpt2.tokenizer().decode(new long[] {15496, 995})).isEqualTo("Hello world");
        }
    }

    @Test
    void wikiTextHasTheKnownNumberOfGpt2Ids() throws IOException {
        Path file =
                Path.of(System.getProperty("diagonal.shared"), "wikitext/wikitext-2-raw")
                        .resolve("wiki.test.raw");
        assumeTrue(Files.exists(file), file + " is not there: WikiText is not counted");
        String text =
                Files.readString(file)
                        .lines()
                        .map(line -> line.isBlank() ? "" : line + "\n")
                        .collect(Collectors.joining("\n\n"));
        try (ModelTokenizer gpt2 = ModelTokenizer.gpt2()) {
            long[] ids = ids(gpt2, text);
            assertThat(ids).hasSize(287_644);
            assertThat(ids).isEqualTo(ranked(text));
        }
    }

    @Test
    void gpt2GivesTheIdsOfItsRanks() {
        String text =
                "I'm sure\tthey've  3,141 naïve café—s…\r\n\n  日本語 🎲🎲 \u0000\u00ad end's   "
                        + "-".repeat(200)
                        + " ".repeat(70)
                        + "x=".repeat(50);
        try (ModelTokenizer gpt2 = ModelTokenizer.gpt2()) {
            assertThat(ids(gpt2, text)).containsExactly(ranked(text));
        }
    }

    private static long[] ranked(String text) {
        return Encodings.newLazyEncodingRegistry()
                .getEncoding(EncodingType.R50K_BASE)
                .encodeOrdinary(text)
                .boxed()
                .stream()
                .mapToLong(Integer::longValue)
                .toArray();
    }

    @Test
    void bytesAreTheirOwnIds() throws IOException {
        String text = "To be,\r\n or\u0000 nöt 🎲 'tis\t";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        long[] expected = new long[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            expected[i] = bytes[i] & 0xff;
        }
        try (ModelTokenizer tokenizer = ModelTokenizer.open(folder, 256)) {
            assertThat(ids(tokenizer, text)).containsExactly(expected);
            assertThat(tokenizer.tokenizer().decode(expected)).isEqualTo(text);
        }
    }

    @Test
    void longTextIsNotTruncatedAndShortTextNotPadded() throws IOException {
        ObjectNode json = (ObjectNode) JSON.readTree(bytePairs().json());
        json.set(
                "truncation",
                JSON.readTree(
                        "{\"direction\":\"Right\",\"max_length\":4,\"strategy\":\"LongestFirst\","
                                + "\"stride\":0}"));
        json.set(
                "padding",
                JSON.readTree(
                        "{\"strategy\":{\"Fixed\":8},\"direction\":\"Right\",\"pad_to_multiple_of\""
                                + ":null,\"pad_id\":0,\"pad_type_id\":0,\"pad_token\":\"a\"}"));
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
        try (ModelTokenizer tokenizer = ModelTokenizer.open(folder, 8)) {
            assertThat(ids(tokenizer, "a".repeat(2000))).hasSize(2000);
            assertThat(ids(tokenizer, "ab")).containsExactly(2);
        }
    }

    /** a, b, ab, and a token that is not merged but found. */
    private static BytePairs bytePairs() {
        return new BytePairs(
                Map.of("a", 0, "b", 1, "ab", 2, "<|endoftext|>", 3),
                List.of("a b"),
                List.of(BytePairs.AddedToken.of(3, "<|endoftext|>")),
                false,
                Optional.empty());
    }

    @Test
    void savedTokenizersOpenAgainWithTheSameIdentity() throws IOException {
        Path saved = folder.resolve("saved");
        try (ModelTokenizer gpt2 = ModelTokenizer.gpt2()) {
            gpt2.save(saved);
            try (ModelTokenizer again = ModelTokenizer.open(saved, GPT2)) {
                assertThat(again.sha256()).isEqualTo(gpt2.sha256());
                assertThat(again.json()).isEqualTo(gpt2.json());
            }
        }
        JsonNode config = JsonFile.read(saved.resolve("tokenizer_config.json"));
        assertThat(config.path("tokenizer_class").asText()).isEqualTo("GPT2Tokenizer");
        assertThat(config.path("eos_token").asText()).isEqualTo("<|endoftext|>");
        assertThat(config.has("model_max_length")).isFalse();
    }

    @Test
    void tokenizersWithoutGpt2sEndOfTextDoNotGetOneInHuggingFacesTools() throws IOException {
        try (ModelTokenizer bytes = ModelTokenizer.bytes()) {
            bytes.save(folder);
        }
        assertThat(JsonFile.read(folder.resolve("tokenizer_config.json")).toString())
                .contains("PreTrainedTokenizerFast")
                .doesNotContain("endoftext");
    }

    @Test
    void vocabularyAndMergesMakeTheTokenizerOfTheSameIdentity() throws IOException {
        try (ModelTokenizer gpt2 = ModelTokenizer.gpt2()) {
            JsonNode model = JSON.readTree(gpt2.json()).path("model");
            Files.writeString(folder.resolve("vocab.json"), model.path("vocab").toString());
            List<String> lines = new ArrayList<>(List.of("#version: 0.2"));
            model.path("merges").forEach(merge -> lines.add(merge.asText()));
            Files.write(folder.resolve("merges.txt"), lines);
            try (ModelTokenizer read = ModelTokenizer.open(folder, GPT2)) {
                assertThat(ids(read, "Hello world<|endoftext|>"))
                        .containsExactly(15496, 995, 50256);
                assertThat(read.sha256()).isEqualTo(gpt2.sha256());
            }
        }
    }

    @Test
    void theIdentityIsNotThatOfTheFormat() throws IOException {
        String before = identity((ObjectNode) JSON.readTree(bytePairs().json()));
        ObjectNode json = (ObjectNode) JSON.readTree(bytePairs().json());
        ObjectNode model = (ObjectNode) json.path("model");
        model.putArray("merges").addArray().add("a").add("b");
        model.remove(List.of("dropout", "fuse_unk", "continuing_subword_prefix"));
        model.put("byte_fallback", false).put("ignore_merges", false);
        ObjectNode split = (ObjectNode) json.path("pre_tokenizer");
        split.put("trim_offsets", false).remove("use_regex");
        ((ObjectNode) json.path("added_tokens").path(0)).put("normalized", true);
        json.putNull("post_processor");
        ObjectNode shuffled = model.objectNode();
        shuffled.put("<|endoftext|>", 3).put("ab", 2).put("b", 1).put("a", 0);
        model.set("vocab", shuffled);
        assertThat(identity(json)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vocab", "merges", "added", "prefix", "normalizer", "unknown", "strip"})
    void theIdentityChangesWithWhateverChangesIds(String what) throws IOException {
        String before = identity((ObjectNode) JSON.readTree(bytePairs().json()));
        ObjectNode json = (ObjectNode) JSON.readTree(bytePairs().json());
        ObjectNode model = (ObjectNode) json.path("model");
        ObjectNode added = (ObjectNode) json.path("added_tokens").path(0);
        switch (what) {
            case "vocab" -> ((ObjectNode) model.path("vocab")).put("a", 1).put("b", 0);
            case "merges" -> ((ArrayNode) model.path("merges")).removeAll();
            case "added" -> ((ArrayNode) json.path("added_tokens")).removeAll();
            case "prefix" ->
                    ((ObjectNode) json.path("pre_tokenizer")).put("add_prefix_space", true);
            case "normalizer" -> json.putObject("normalizer").put("type", "NFC");
            case "unknown" -> model.put("unk_token", "a");
            case "strip" -> added.put("lstrip", true);
            default -> throw new IllegalArgumentException(what);
        }
        assertThat(identity(json)).isNotEqualTo(before);
    }

    private String identity(ObjectNode json) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
        try (ModelTokenizer tokenizer = ModelTokenizer.open(folder, 4)) {
            return tokenizer.sha256();
        }
    }

    @Test
    void theSmallRealFolderOpens() throws IOException {
        Path tiny = Path.of(System.getProperty("diagonal.shared"), "checkpoints/tiny-gpt2-random");
        assumeTrue(Files.exists(tiny), tiny + " is not there: no real vocab.json is read");
        try (ModelTokenizer tokenizer = ModelTokenizer.open(tiny, 21)) {
            assertThat(ids(tokenizer, " lower<|endoftext|><unk>newer"))
                    .containsExactly(14, 15, 20, 19, 9, 3, 2, 15);
            assertThat(ids(tokenizer, "xl")).containsExactly(19, 0);
        }
    }

    @Test
    void aByteOrderMarkMakesNoDifference(@TempDir Path marked) throws IOException {
        try (ModelTokenizer bytes = ModelTokenizer.bytes()) {
            Files.writeString(marked.resolve("tokenizer.json"), "\uFEFF" + bytes.json());
            try (ModelTokenizer read = ModelTokenizer.open(marked, 256)) {
                assertThat(read.sha256()).isEqualTo(bytes.sha256());
            }
        }
    }

    @Test
    void moreIdsThanTheVocabularyAreRefusedAndFewerAreNot() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(file, bytePairs().json());
        ModelTokenizer.open(folder, 4).close();
        ModelTokenizer.open(folder, 5).close();
        assertThatThrownBy(() -> ModelTokenizer.open(folder, 3))
                .hasMessage(file + ": has 4 ids, expected at most the model's vocabulary of 3");
    }

    @Test
    void aFolderWithoutATokenizerSaysWhatToPutThere() {
        assertThatThrownBy(() -> ModelTokenizer.open(folder, 97))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageStartingWith(folder.toString())
                .hasMessageContainingAll("97", "tokenizer.json", "vocab.json", "merges.txt");
    }

    @Test
    void vocabularyWithoutMergesNamesTheMissingFile() throws IOException {
        Files.writeString(folder.resolve("vocab.json"), "{\"a\": 0}");
        assertThatThrownBy(() -> ModelTokenizer.open(folder, GPT2))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageStartingWith(folder.resolve("merges.txt").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{}",
                "{\"model\":{\"vocab\":{\"a\":\"x\"}}}",
                "{\"model\":{\"vocab\":{\"a\":-1}}}",
                "{\"model\":{\"vocab\":{\"a\":0}}}",
                "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[\"a b\"]}}",
                "{\"model\":{\"type\":\"new\",\"vocab\":{\"a\":0},\"merges\":[]}}",
                "version https://git-lfs.github.com/spec/v1"
            })
    void malformedTokenizersAreRefusedInOneLineWithTheFile(String content) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(file, content);
        assertThatThrownBy(() -> ModelTokenizer.open(folder, 10))
                .isInstanceOf(IOException.class)
                .message()
                .startsWith(file + ": ")
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a b b", " b", "a ", "a c", "b a"})
    void malformedMergesAreNamedWithFileAndLine(String line) throws IOException {
        Files.writeString(folder.resolve("vocab.json"), "{\"a\":0,\"b\":1,\"ab\":2}");
        Path file = folder.resolve("merges.txt");
        Files.writeString(file, "#version: 0.2\na b\n" + line + "\n");
        assertThatThrownBy(() -> ModelTokenizer.open(folder, 10))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ": line 3: ");
    }

    @Test
    void twoTokensOfOneIdAreNamed() throws IOException {
        Files.writeString(folder.resolve("vocab.json"), "{\"a\":0,\"b\":0}");
        Files.writeString(folder.resolve("merges.txt"), "");
        assertThatThrownBy(() -> ModelTokenizer.open(folder, 10))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(folder.resolve("vocab.json") + ": b: expected an id");
    }
}
