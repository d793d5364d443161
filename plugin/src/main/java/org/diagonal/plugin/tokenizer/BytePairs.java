package org.diagonal.plugin.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * GPT-2's kind of tokenizer, byte pairs over bytes that are written as letters, and the text of the
 * {@code tokenizer.json} that makes it.
 *
 * @param vocabulary tokens and ids
 * @param merges pairs of tokens, a space between, the first merged first
 * @param added tokens that are found in the text before it is split
 * @param addPrefixSpace whether every text is given a space in front
 * @param unknown the token of letters that the vocabulary lacks; empty to drop them
 */
record BytePairs(
        Map<String, Integer> vocabulary,
        List<String> merges,
        List<AddedToken> added,
        boolean addPrefixSpace,
        Optional<String> unknown) {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int BYTES = 256;
    private static final String LETTERS = letters();

    /** A token beside the vocabulary's pairs; the flags are Hugging Face's. */
    record AddedToken(
            int id, String content, boolean stripLeft, boolean stripRight, boolean singleWord) {

        static AddedToken of(int id, String content) {
            return new AddedToken(id, content, false, false, false);
        }
    }

    /** The letter that stands for a byte, 0 to 255. */
    static char letter(int value) {
        return LETTERS.charAt(value);
    }

    /** Printable Latin-1 stands for itself; the other bytes follow each other from 256 on. */
    private static String letters() {
        StringBuilder letters = new StringBuilder();
        int next = BYTES;
        for (int value = 0; value < BYTES; value++) {
            boolean printable = (value >= '!' && value <= '~') || (value >= 0xa1 && value != 0xad);
            letters.append(printable ? (char) value : (char) next++);
        }
        return letters.toString();
    }

    String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("version", "1.0");
            json.writeNullField("truncation");
            json.writeNullField("padding");
            json.writeArrayFieldStart("added_tokens");
            for (AddedToken token : added) {
                write(json, token);
            }
            json.writeEndArray();
            json.writeNullField("normalizer");
            writeByteLevel(json, "pre_tokenizer", addPrefixSpace, true);
            writeByteLevel(json, "post_processor", true, false);
            writeByteLevel(json, "decoder", true, true);
            writeModel(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, AddedToken token) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", token.id);
        json.writeStringField("content", token.content);
        json.writeBooleanField("single_word", token.singleWord);
        json.writeBooleanField("lstrip", token.stripLeft);
        json.writeBooleanField("rstrip", token.stripRight);
        json.writeBooleanField("normalized", false);
        json.writeBooleanField("special", true);
        json.writeEndObject();
    }

    private static void writeByteLevel(
            JsonGenerator json, String part, boolean prefixSpace, boolean trimOffsets)
            throws IOException {
        json.writeObjectFieldStart(part);
        json.writeStringField("type", "ByteLevel");
        json.writeBooleanField("add_prefix_space", prefixSpace);
        json.writeBooleanField("trim_offsets", trimOffsets);
        json.writeBooleanField("use_regex", true);
        json.writeEndObject();
    }

    private void writeModel(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("model");
        json.writeStringField("type", "BPE");
        json.writeNullField("dropout");
        json.writeObjectField("unk_token", unknown.orElse(null));
        json.writeStringField("continuing_subword_prefix", "");
        json.writeStringField("end_of_word_suffix", "");
        json.writeBooleanField("fuse_unk", false);
        json.writeObjectFieldStart("vocab");
        for (Map.Entry<String, Integer> token : vocabulary.entrySet()) {
            json.writeNumberField(token.getKey(), token.getValue());
        }
        json.writeEndObject();
        json.writeArrayFieldStart("merges");
        for (String merge : merges) {
            json.writeString(merge);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
