package org.diagonal.wikitext;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Byte-level tokenizers of 256 bytes, of which the second has two merges besides. */
final class Bytes {

    /** The id of " =" in the tokenizer with merges. */
    static final int HEADING_SIGN = 256;

    /** The id of two line feeds in the tokenizer with merges. */
    static final int TWO_BREAKS = 257;

    private Bytes() {}

    static HuggingFaceTokenizer plain() {
        return build(json("", "", false));
    }

    static HuggingFaceTokenizer merging() {
        return build(
                json(
                        ",\"\u0120=\":256,\"\u010A\u010A\":257",
                        "\"\u0120 =\",\"\u010A \u010A\"",
                        true));
    }

    static TextEncoder encoder(HuggingFaceTokenizer tokenizer) {
        return TextEncoder.of(tokenizer, "bytes", 258);
    }

    /** The bytes that ids below 256 stand for. */
    static String text(Tokens tokens, int from, int to) {
        byte[] bytes = new byte[to - from];
        for (int i = from; i < to; i++) {
            bytes[i - from] = (byte) tokens.id(i);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static String json(String vocabulary, String merges, boolean trimOffsets) {
        StringBuilder bytes = new StringBuilder();
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
            char c = (char) (printable ? b : next++);
            String key = c == '"' || c == '\\' ? "\\" + c : String.valueOf(c);
            bytes.append(b == 0 ? "" : ",").append('"').append(key).append("\":").append(b);
        }
        String level = "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":%s}";
        return "{\"version\":\"1.0\",\"added_tokens\":[],\"normalizer\":null,\"pre_tokenizer\":"
                + String.format(level, trimOffsets)
                + ",\"post_processor\":"
                + String.format(level, trimOffsets)
                + ",\"decoder\":"
                + String.format(level, trimOffsets)
                + ",\"model\":{\"type\":\"BPE\",\"vocab\":{"
                + bytes
                + vocabulary
                + "},\"merges\":["
                + merges
                + "]}}";
    }

    static HuggingFaceTokenizer build(String json) {
        try {
            Path file = Files.createTempFile("tokenizer", ".json");
            try {
                Files.writeString(file, json);
                return HuggingFaceTokenizer.builder()
                        .optTokenizerPath(file)
                        .optTruncation(false)
                        .optPadding(false)
                        .optAddSpecialTokens(false)
                        .build();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
