package org.diagonal.plugin.generate;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.diagonal.plugin.tokenizer.ModelTokenizer;

class TextStreamTest {

    private static final ModelTokenizer GPT2 = ModelTokenizer.gpt2();
    private static final ModelTokenizer BYTES = ModelTokenizer.bytes();

    @AfterContainer
    static void close() {
        GPT2.close();
        BYTES.close();
    }

    private static long[] ids(ModelTokenizer tokenizer, String text) {
        return tokenizer.tokenizer().encode(text, false, false).getIds();
    }

    private static List<String> pieces(ModelTokenizer tokenizer, long[] prompt, long... ids) {
        TextStream stream = new TextStream(tokenizer.tokenizer(), prompt);
        List<String> pieces = new ArrayList<>();
        for (long id : ids) {
            pieces.add(stream.add(id));
        }
        return pieces;
    }

    private static String streamed(ModelTokenizer tokenizer, long[] prompt, long... ids) {
        return String.join("", pieces(tokenizer, prompt, ids));
    }

    private static String decoded(ModelTokenizer tokenizer, long... ids) {
        return ids.length == 0 ? "" : tokenizer.tokenizer().decode(ids, true);
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> symbols =
                Arbitraries.of(
                        "a", " b", "\n", "é", "ß", "€", "日", "本", "😀", "👩‍🚀", "🇪🇺", " ", "ẗ",
                        "\u2028", "'s");
        return symbols.list().ofMaxSize(12).map(list -> String.join("", list));
    }

    @Property(tries = 300)
    void aTextComesOutAsItIsWhateverThePrompt(
            @ForAll("texts") String prompt, @ForAll("texts") String text) {
        for (ModelTokenizer tokenizer : List.of(GPT2, BYTES)) {
            assertThat(streamed(tokenizer, ids(tokenizer, prompt), ids(tokenizer, text)))
                    .isEqualTo(text);
        }
    }

    @Property(tries = 300)
    void piecesHoldWholeSymbols(@ForAll("texts") String text) {
        for (ModelTokenizer tokenizer : List.of(GPT2, BYTES)) {
            for (String piece : pieces(tokenizer, new long[0], ids(tokenizer, text))) {
                assertThat(piece).doesNotContain("\uFFFD");
                assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(piece)).isTrue();
            }
        }
    }

    /** A model may write anything: then what is no UTF-8 is marked, as the tokenizer does it. */
    @Property(tries = 300)
    void anyIdsComeOutAsTheTokenizerDecodesThem(@ForAll("bytes") long[] ids) {
        String all = decoded(BYTES, ids);
        String whole = all.endsWith("\uFFFD") ? all.substring(0, all.length() - 1) : all;
        assertThat(streamed(BYTES, new long[0], ids)).isEqualTo(whole);
    }

    @Provide
    Arbitrary<long[]> bytes() {
        Arbitrary<Long> ascii = Arbitraries.longs().between(0x20, 0x7e);
        Arbitrary<Long> any = Arbitraries.longs().between(0x80, 0xff);
        return Arbitraries.oneOf(ascii, any).array(long[].class).ofMaxSize(30);
    }

    @Property(tries = 300)
    void anyTokensOfGpt2ComeOutAsTheTokenizerDecodesThem(@ForAll("tokens") long[] ids) {
        String all = decoded(GPT2, ids);
        String whole = all.endsWith("\uFFFD") ? all.substring(0, all.length() - 1) : all;
        assertThat(streamed(GPT2, new long[0], ids)).isEqualTo(whole);
    }

    @Provide
    Arbitrary<long[]> tokens() {
        return Arbitraries.longs().between(0, 50_255).array(long[].class).ofMaxSize(30);
    }

    @Example
    void aSymbolComesWithItsLastByte() {
        long[] ids = ids(BYTES, "a€b");
        assertThat(pieces(BYTES, new long[0], ids)).containsExactly("a", "", "", "€", "b");
        assertThat(pieces(BYTES, new long[0], LongStream.of(ids).limit(3).toArray()))
                .containsExactly("a", "", ""); // never shown in part
    }

    @Example
    void specialTokensAreLeftOut() {
        long[] ids = {15496, 50256, 995, 50256};
        assertThat(streamed(GPT2, new long[] {50256}, ids)).isEqualTo("Hello world");
    }

    @Example
    void aTokenizerThatPutsSpacesBetweenTokensKeepsThem() throws Exception {
        Path file = Files.createTempFile("words", ".json");
        Files.writeString(
                file,
                """
                {"version": "1.0", "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null, "decoder": null,
                 "model": {"type": "WordLevel", "unk_token": "?",
                           "vocab": {"?": 0, "red": 1, "house": 2, "door": 3}}}
                """);
        try (HuggingFaceTokenizer words = HuggingFaceTokenizer.newInstance(file)) {
            TextStream stream = new TextStream(words, 1);
            assertThat(List.of(stream.add(2), stream.add(3), stream.add(2)))
                    .containsExactly(" house", " door", " house");
        } finally {
            Files.delete(file);
        }
    }
}
