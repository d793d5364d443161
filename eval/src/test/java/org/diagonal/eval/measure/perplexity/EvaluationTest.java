package org.diagonal.eval.measure.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.IntBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;
import org.diagonal.eval.measure.MeasuredModel;
import org.diagonal.eval.measure.effect.Comparability;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.wikitext.Document;
import org.diagonal.wikitext.Tokens;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static Evaluation read(String json) throws IOException {
        Path file = Files.createTempFile("evaluation", ".json");
        try {
            return Evaluation.FORM.readFile(Files.writeString(file, json));
        } finally {
            Files.delete(file);
        }
    }

    @Property(tries = 100)
    void everyProtocolReadsBackWhatItWrote(
            @ForAll @Scale(9) @DoubleRange(min = 1e-9, max = 40) double scale) throws IOException {
        for (Evaluation evaluation : List.of(strided(scale), blocks(scale), documents(scale))) {
            assertThat(read(Evaluation.FORM.text(evaluation))).isEqualTo(evaluation);
        }
    }

    @Test
    void theKeysAreThoseOfTheContract() throws IOException {
        assertThat(keys(strided(1)))
                .containsExactly(
                        "version",
                        "protocol",
                        "block_size",
                        "stride",
                        "documents",
                        "tokens",
                        "targets",
                        "nats",
                        "perplexity",
                        "data",
                        "data_sha256",
                        "tokenizer_sha256",
                        "model",
                        "precision",
                        "seconds",
                        "huggingface_page_perplexity",
                        "articles",
                        "segments");
        assertThat(keys(documents(1)))
                .contains("word_perplexity", "byte_perplexity", "bits_per_byte")
                .doesNotContain("huggingface_page_perplexity");
    }

    @Test
    void theValuesAreThoseOfTheRecord() throws IOException {
        Evaluation evaluation = documents(1);
        JsonNode json = MAPPER.readTree(Evaluation.FORM.text(evaluation));

        assertThat(json.get("version").intValue()).isEqualTo(1);
        assertThat(json.get("protocol").textValue()).isEqualTo("lm-eval");
        assertThat(json.get("block_size").intValue()).isEqualTo(3);
        assertThat(json.get("stride").isNull()).isTrue();
        assertThat(json.get("documents").intValue()).isEqualTo(2);
        assertThat(json.get("tokens").intValue()).isEqualTo(4);
        assertThat(json.get("targets").intValue()).isEqualTo(4);
        assertThat(json.get("nats").doubleValue()).isEqualTo(evaluation.nats());
        assertThat(json.get("perplexity").doubleValue()).isEqualTo(evaluation.perplexity());
        assertThat(json.get("data").textValue()).isEqualTo("a text");
        assertThat(json.get("data_sha256").textValue()).isEqualTo("d0");
        assertThat(json.get("tokenizer_sha256").textValue()).isEqualTo("e0");
        assertThat(json.get("model").textValue()).isEqualTo("a model");
        assertThat(json.get("articles")).hasSize(2);
        assertThat(json.get("articles").get(1).get("targets").intValue()).isZero();
        assertThat(MAPPER.readTree(Evaluation.FORM.text(strided(1))).get("stride").intValue())
                .isEqualTo(2);
    }

    @Tag("slow")
    @Test
    void aFileCutAnywhereIsRefusedInOneLine() {
        String json = Evaluation.FORM.text(strided(1)).strip();
        for (int length = 0; length < json.length(); length++) {
            String cut = json.substring(0, length);
            assertThatThrownBy(() -> read(cut))
                    .isInstanceOf(FileSystemException.class)
                    .message()
                    .containsAnyOf(
                            "is not JSON: ",
                            "must hold a JSON object",
                            "is empty, expected a JSON object")
                    .doesNotContain("\n");
        }
    }

    @Test
    void contradictionsAndForeignKeysAreNamed() {
        refused("\"version\": 1", "\"version\": 2", "key version: expected 1, found 2");
        refused("\"version\": 1,", "\"epoch\": 1, \"version\": 1,", "key epoch: is not known");
        refused("\"model\": \"a model\",", "", "key model: is missing");
        refused("\"stride\": 2,", "", "a stride belongs to hf-strided alone");
        refused("\"stride\": 2", "\"stride\": null", "stride");
        refused("\"targets\": 9,", "\"targets\": 8,", "key targets: expected 9.0 by the parts");
        refused(
                "\"block_size\": 4",
                "\"block_size\": \"4\"",
                "key block_size: expected a whole number, found \"4\"");
        refused("\"documents\": 2", "\"documents\": 3", "key documents: expected 2.0");
        refused("\"protocol\": \"hf-strided\"", "\"protocol\": \"x\"", "unknown protocol 'x'");
        refused("{\"nats\":", "{\"sum\":", "key articles[0].nats: is missing");
        refused("\"data\": \"a text\"", "\"data\": 7", "key data: expected a string, found 7");
        refused("\"model\":", "\"data\": \"twice\", \"model\":", "Duplicate field 'data'");
        assertThatThrownBy(() -> read("[1]")).hasMessageContaining("must hold a JSON object");
        assertThatThrownBy(() -> read("{} {}")).hasMessageContaining("is not JSON: ");
    }

    @Test
    void aBadFileIsNamed(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("result.json");
        Evaluation written = strided(1);
        Files.writeString(file, Evaluation.FORM.text(written));
        assertThat(Evaluation.FORM.readFile(file)).isEqualTo(written);

        Files.writeString(file, "{\"version\":");
        assertThatThrownBy(() -> Evaluation.FORM.readFile(file))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("is not JSON: ");

        Files.write(file, new byte[] {(byte) 0xc3, 0x28});
        assertThatThrownBy(() -> Evaluation.FORM.readFile(file))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("not UTF-8");
    }

    @Test
    void measurementsOfDifferentThingsAreNotComparable() {
        Evaluation base = strided(1);
        Comparability.require(base, strided(2));

        incomparable(
                base, blocks(1), "different protocol cannot be compared: hf-strided and run-clm");
        incomparable(
                base, strided(1, 10, 5, 2, "d0", "e0"), "block_size cannot be compared: 4 and 5");
        incomparable(base, strided(1, 10, 4, 3, "d0", "e0"), "stride cannot be compared: 2 and 3");
        incomparable(base, in(Precision.BF16), "precision cannot be compared: f32 and bf16");
        incomparable(
                base,
                strided(1, 10, 4, 2, "d1", "e0"),
                "data_sha256 cannot be compared: d0 and d1");
        incomparable(
                base,
                strided(1, 10, 4, 2, "d0", "e1"),
                "tokenizer_sha256 cannot be compared: e0 and e1");
        incomparable(base, strided(1, 9, 4, 2, "d0", "e0"), "targets cannot be compared: 9 and 8");
        Tokens oneArticle = Texts.counting(10);
        incomparable(
                base,
                Texts.measure(new Bigram(16, 1), new HfStrided(oneArticle, 4, 2)),
                "documents cannot be compared: 2 and 1");
    }

    private static void incomparable(Evaluation a, Evaluation b, String message) {
        assertThatThrownBy(() -> Comparability.require(a, b))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static void refused(String part, String replacement, String message) {
        String json = withPart(Evaluation.FORM.text(strided(1)), part, replacement);
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(message);
    }

    private static String withPart(String json, String part, String replacement) {
        assertThat(json).contains(part);
        return json.replaceFirst(Pattern.quote(part), Matcher.quoteReplacement(replacement));
    }

    @Test
    void aFigureBeyondADoubleIsNullAndOneThatIsNotDefinedIsNotThere() throws IOException {
        Evaluation usual = documents(1);
        Evaluation beyond =
                new Evaluation(
                        usual.protocol(),
                        usual.blockSize(),
                        usual.stride(),
                        usual.tokens(),
                        usual.provenance(),
                        usual.seconds(),
                        OptionalDouble.empty(),
                        usual.bytePerplexity(),
                        usual.bitsPerByte(),
                        usual.huggingfacePagePerplexity(),
                        usual.articles(),
                        usual.segments());
        assertThat(MAPPER.readTree(Evaluation.FORM.text(beyond)).get("word_perplexity").isNull())
                .isTrue();
        assertThat(read(Evaluation.FORM.text(beyond))).isEqualTo(beyond);
        Evaluation bytewise =
                Perplexity.measure(
                        new Bigram(16, 1),
                        new HfStrided(Texts.counting(10), 4, 2),
                        Texts.PROVENANCE,
                        true,
                        2,
                        progress -> {});
        assertThat(keys(bytewise)).contains("byte_perplexity").doesNotContain("word_perplexity");
    }

    private static List<String> keys(Evaluation evaluation) throws IOException {
        List<String> keys = new ArrayList<>();
        MAPPER.readTree(Evaluation.FORM.text(evaluation)).fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private static Evaluation in(Precision precision) {
        Provenance f32 = new Provenance("a text", "d0", "e0", MeasuredModel.of("a model"));
        Provenance other = new Provenance("a text", "d0", "e0", f32.model().computed(precision));
        Tokens text = Texts.counting(10, new int[] {0}, new int[] {0, 5});
        return Perplexity.measure(
                new Bigram(16, 1), new HfStrided(text, 4, 2), other, false, 2, progress -> {});
    }

    private static Evaluation strided(double scale) {
        return strided(scale, 10, 4, 2, "d0", "e0");
    }

    private static Evaluation strided(
            double scale, int size, int block, int stride, String data, String tokenizer) {
        Tokens text = Texts.counting(size, new int[] {0}, new int[] {0, 5});
        return Perplexity.measure(
                new Bigram(16, scale),
                new HfStrided(text, block, stride),
                new Provenance("a text", data, tokenizer, MeasuredModel.of("a model")),
                false,
                2,
                progress -> {});
    }

    private static Evaluation blocks(double scale) {
        return Texts.measure(new Bigram(16, scale), new RunClm(Texts.counting(10), 5));
    }

    private static Evaluation documents(double scale) {
        Document one =
                new Document(
                        IntBuffer.wrap(new int[] {1, 2, 3, 4}),
                        OptionalLong.of(3),
                        OptionalLong.of(19));
        Document none =
                new Document(IntBuffer.wrap(new int[0]), OptionalLong.of(1), OptionalLong.of(0));
        return Texts.measure(new Bigram(16, scale), new LmEval(List.of(one, none), 3, 0));
    }
}
