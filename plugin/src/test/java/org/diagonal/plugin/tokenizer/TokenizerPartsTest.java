package org.diagonal.plugin.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the native library would not survive, or answers by chance, never reaches it. */
final class TokenizerPartsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;

    private static ObjectNode bytes() throws IOException {
        try (ModelTokenizer bytes = ModelTokenizer.bytes()) {
            return (ObjectNode) JSON.readTree(bytes.json());
        }
    }

    private ModelTokenizer open(ObjectNode root) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), root.toString());
        return ModelTokenizer.open(folder, 300);
    }

    private static long[] ids(ModelTokenizer tokenizer, String text) {
        return tokenizer.tokenizer().encode(text, false, false).getIds();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "normalizer | {'type':'Replace','pattern':{'String':''},'content':'x'}"
                        + " | normalizer.pattern: Replace with {\"String\":\"\"} is not supported",
                "normalizer | {'type':'Replace','pattern':{'Regex':'(a+)+b'},'content':''}"
                        + " | normalizer.pattern",
                "normalizer | {'type':'Prepend','prepend':''} | normalizer: type Prepend",
                "normalizer | {'type':'Precompiled','precompiled_charsmap':''}"
                        + " | normalizer: type Precompiled",
                "normalizer | {'type':'Sequence','normalizers':[{'type':'NFC'},{'type':'Nmt'}]}"
                        + " | normalizer.normalizers[1]: type Nmt is not supported",
                "normalizer | 7 | normalizer: type none is not supported",
                "pre_tokenizer | {'type':'FixedLength','length':0} | type FixedLength",
                "pre_tokenizer | {'type':'Split','pattern':{'Regex':''},'behavior':'Isolated'}"
                        + " | pre_tokenizer.pattern",
                "pre_tokenizer | {'type':'Split','pattern':{'String':'x'},'behavior':'Odd'}"
                        + " | pre_tokenizer.behavior",
                "decoder | {'type':'Strip','content':' ','start':0,'stop':9} | decoder.",
                "decoder | {'type':'CTC'} | decoder: type CTC is not supported",
                "post_processor | {'type':'ByteLevel','trim_offsets':3} | post_processor.trim",
                "model/continuing_subword_prefix | '##' | model.continuing_subword_prefix",
                "model/end_of_word_suffix | '</w>' | model.end_of_word_suffix: expected none",
                "model/unk_token | '<unk>' | model.unk_token: \"<unk>\" is not in the vocabulary",
                "model/type | 'WordPiece' | model.type: WordPiece is not supported",
                "model/merges | ['a b'] | model.merges: expected pairs of tokens, found \"a b\"",
                "model/merges | [['a','b','c']] | model.merges",
                "model/dropout | 'often' | model.dropout: expected a number from 0 to 1",
                "added_tokens | [{'id':256,'content':''}] | added_tokens: expected a content",
            })
    void whatIsNotKnownToBeSafeIsNamed(String place, String value, String words)
            throws IOException {
        ObjectNode root = bytes();
        String[] keys = place.split("/", -1);
        ObjectNode holder = keys.length == 1 ? root : (ObjectNode) root.path(keys[0]);
        holder.set(keys[keys.length - 1], JSON.readTree(value.replace('\'', '"')));
        assertThatThrownBy(() -> open(root))
                .isInstanceOf(FileSystemException.class)
                .hasMessageStartingWith(folder.resolve("tokenizer.json") + ": ")
                .hasMessageContaining(words);
    }

    @Test
    void dropoutOfMergesIsOffAndMakesNoDifference() throws IOException {
        ObjectNode root = bytes();
        ObjectNode model = (ObjectNode) root.path("model");
        ((ObjectNode) model.path("vocab")).put("ab", 256);
        model.putArray("merges").add("a b");
        String sha256;
        try (ModelTokenizer plain = open(root)) {
            sha256 = plain.sha256();
        }
        model.put("dropout", 0.5);
        try (ModelTokenizer dropping = open(root)) {
            assertThat(ids(dropping, "ab".repeat(100))).hasSize(100).containsOnly(256);
            assertThat(dropping.sha256()).isEqualTo(sha256);
            assertThat(dropping.json()).contains("\"dropout\":0.5"); // an export keeps it
        }
    }

    @Test
    void gpt2sTokensEndAtSpacesAndOthersMayNot() throws IOException {
        try (ModelTokenizer gpt2 = ModelTokenizer.gpt2()) {
            assertThat(gpt2.cutsAtSpaces()).isTrue();
        }
        ObjectNode root = bytes();
        root.putObject("normalizer").put("type", "NFC");
        try (ModelTokenizer normalizing = open(root)) {
            assertThat(normalizing.cutsAtSpaces()).isFalse();
        }
    }

    @Test
    void whatGoesAroundATextIsLeftOut() throws IOException {
        ObjectNode root = bytes();
        root.set("truncation", JSON.readTree("{\"max_length\":2,\"stride\":9}"));
        root.set("padding", JSON.readTree("{\"strategy\":{\"Fixed\":-1}}"));
        root.set("post_processor", JSON.readTree("{\"type\":\"TemplateProcessing\"}"));
        try (ModelTokenizer opened = open(root)) {
            assertThat(ids(opened, "abc")).containsExactly(97, 98, 99);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "normalizer | {'type':'Sequence','normalizers':[{'type':'NFC'},"
                        + "{'type':'Replace','pattern':{'String':'b'},'content':'c'}]} | 97 99",
                "normalizer | {'type':'Lowercase'} | 97 98",
                "pre_tokenizer | {'type':'Sequence','pretokenizers':[{'type':'Digits',"
                        + "'individual_digits':true},{'type':'ByteLevel','add_prefix_space':false,"
                        + "'trim_offsets':true,'use_regex':true}]} | 97 98"
            })
    void theUsualPartsWork(String place, String value, String expected) throws IOException {
        ObjectNode root = bytes();
        root.set(place, JSON.readTree(value.replace('\'', '"')));
        try (ModelTokenizer opened = open(root)) {
            assertThat(Arrays.toString(ids(opened, "ab")).replaceAll("[\\[\\],]", ""))
                    .isEqualTo(expected);
        }
    }
}
