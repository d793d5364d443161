package org.diagonal.templates.alphabet;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.knuddels.jtokkit.Encodings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tokenizers of GPT-2's kind: its own, made of byte pairs by rank, and one of plain bytes. */
final class Tokenizers {

    /** GPT-2's number of ids. */
    static final int GPT2_SIZE = 50_257;

    /** The number of ids of the tokenizer of bytes. */
    static final int BYTES_SIZE = 256;

    private static final ObjectMapper JSON = new ObjectMapper();

    private Tokenizers() {}

    static HuggingFaceTokenizer gpt2() throws IOException {
        Map<String, Integer> ranks = new LinkedHashMap<>();
        try (InputStream in = Encodings.class.getResourceAsStream("r50k_base.tiktoken")) {
            String lines = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            lines.lines()
                    .map(line -> line.split(" ", -1))
                    .forEach(pair -> ranks.put(letters(pair[0]), Integer.valueOf(pair[1])));
        }
        List<String> merges = new ArrayList<>();
        ranks.forEach(
                (token, rank) -> {
                    if (token.length() > 1) {
                        merges.add(String.join(" ", parts(token, rank, ranks)));
                    }
                });
        return tokenizer(ranks, merges);
    }

    static HuggingFaceTokenizer bytes() throws IOException {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        for (int value = 0; value < BYTES_SIZE; value++) {
            vocabulary.put(letter(value), value);
        }
        return tokenizer(vocabulary, List.of());
    }

    /** The two pieces that merges of lower rank make of a token. */
    private static List<String> parts(String token, int rank, Map<String, Integer> ranks) {
        List<String> parts = new ArrayList<>(List.of(token.split("")));
        while (parts.size() > 2) {
            int best = -1;
            int lowest = rank;
            for (int i = 0; i + 1 < parts.size(); i++) {
                int found = ranks.getOrDefault(parts.get(i) + parts.get(i + 1), Integer.MAX_VALUE);
                if (found < lowest) {
                    lowest = found;
                    best = i;
                }
            }
            parts.set(best, parts.get(best) + parts.remove(best + 1));
        }
        return parts;
    }

    private static String letters(String base64) {
        StringBuilder letters = new StringBuilder();
        for (byte value : Base64.getDecoder().decode(base64)) {
            letters.append(letter(value & 0xff));
        }
        return letters.toString();
    }

    /** GPT-2 writes bytes that are not printable in Latin-1 as letters from 256 on. */
    private static String letter(int value) {
        int unprintable = 0;
        for (int other = 0; other < value; other++) {
            unprintable += isPrintable(other) ? 0 : 1;
        }
        return String.valueOf((char) (isPrintable(value) ? value : 256 + unprintable));
    }

    private static boolean isPrintable(int value) {
        return (value > ' ' && value < 127) || (value > 160 && value != 173);
    }

    private static HuggingFaceTokenizer tokenizer(
            Map<String, Integer> vocabulary, List<String> merges) throws IOException {
        ObjectNode json = JSON.createObjectNode().put("version", "1.0");
        byteLevel(json.putObject("pre_tokenizer"));
        byteLevel(json.putObject("decoder"));
        ObjectNode model = json.putObject("model").put("type", "BPE");
        ObjectNode ids = model.putObject("vocab");
        vocabulary.forEach(ids::put);
        ArrayNode pairs = model.putArray("merges");
        merges.forEach(pairs::add);
        json.putArray("added_tokens");
        byte[] bytes = JSON.writeValueAsBytes(json);
        return HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(bytes),
                Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false"));
    }

    private static void byteLevel(ObjectNode part) {
        part.put("type", "ByteLevel").put("add_prefix_space", false).put("trim_offsets", true);
        part.put("use_regex", true);
    }
}
