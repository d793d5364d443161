package org.diagonal.plugin.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.plugin.files.Sha256;

/** What a {@code tokenizer.json} says of the ids that it gives to a text. */
final class TokenizerJson {

    /** Keys that change offsets, not ids. */
    private static final Set<String> OFFSETS_ONLY = Set.of("trim_offsets");

    private final JsonNode root;
    private final TreeMap<Integer, String> tokens = new TreeMap<>(); // by id

    /**
     * Reads vocabulary and added tokens.
     *
     * @param origin the file, for messages
     */
    TokenizerJson(Path origin, JsonNode root) throws FileSystemException {
        this.root = root;
        JsonNode vocabulary = root.path("model").path("vocab");
        if (!vocabulary.isContainerNode()) {
            throw FileFault.of(origin, "model.vocab: expected the tokens, found none");
        }
        if (vocabulary.isArray()) { // a Unigram model: a token's place is its id
            for (JsonNode token : vocabulary) {
                tokens.put(tokens.size(), token.path(0).asText());
            }
        }
        for (Map.Entry<String, JsonNode> token : vocabulary.properties()) {
            tokens.put(id(origin, token.getKey(), token.getValue()), token.getKey());
        }
        for (JsonNode token : root.path("added_tokens")) {
            String content = token.path("content").asText();
            tokens.put(id(origin, content, token.path("id")), content);
        }
    }

    /** One more than the highest id. */
    int size() {
        return tokens.isEmpty() ? 0 : tokens.lastKey() + 1;
    }

    /** Whether a GPT2Tokenizer of Hugging Face's makes the same of it. */
    boolean isGpt2() {
        return root.path("model").path("type").asText().equals("BPE")
                && root.path("pre_tokenizer").path("type").asText().equals("ByteLevel")
                && root.path("normalizer").isEmpty()
                && tokens.containsValue(ModelTokenizer.END_OF_TEXT);
    }

    /** By the pattern that GPT-2 splits a text with, which nothing before or after it changes. */
    boolean cutsAtSpaces() {
        JsonNode split = root.path("pre_tokenizer");
        boolean gpt2 =
                root.path("model").path("type").asText().equals("BPE")
                        && split.path("type").asText().equals("ByteLevel")
                        && split.path("use_regex").asBoolean(true)
                        && !split.path("add_prefix_space").asBoolean(true)
                        && root.path("normalizer").isEmpty();
        for (JsonNode token : root.path("added_tokens")) {
            boolean blank =
                    token.path("content").asText().chars().anyMatch(Character::isWhitespace);
            gpt2 &= !blank && !token.path("rstrip").asBoolean(false);
        }
        return gpt2;
    }

    boolean addsPrefixSpace() {
        return root.path("pre_tokenizer").path("add_prefix_space").asBoolean(false);
    }

    Optional<String> unknownToken() {
        return Optional.ofNullable(root.path("model").path("unk_token").textValue());
    }

    /**
     * The identity of a tokenizer: equal for files that give equal ids, however they are formatted
     * and whatever they say of offsets, decoding, padding and tokens around a text.
     */
    String sha256() {
        Sha256 hash = new Sha256();
        hash.add("tokens").add(Integer.toString(tokens.size()));
        tokens.forEach((id, token) -> hash.add(id.toString()).add(token));
        JsonNode model = root.path("model");
        hash.add("merges").add(Integer.toString(model.path("merges").size()));
        for (JsonNode merge : model.path("merges")) {
            List<String> pair =
                    merge.isArray()
                            ? List.of(merge.path(0).asText(), merge.path(1).asText())
                            : List.of(merge.asText().split(" ", 2));
            pair.forEach(hash::add);
        }
        hash.add("model").add(settings(model));
        hash.add("added");
        Map<String, String> added = new TreeMap<>();
        for (JsonNode token : root.path("added_tokens")) {
            added.put(token.path("content").asText(), flags(token));
        }
        added.forEach((content, flags) -> hash.add(content).add(flags));
        hash.add("normalizer").add(canonical(root.path("normalizer")));
        hash.add("pre_tokenizer").add(canonical(root.path("pre_tokenizer")));
        return hash.hex();
    }

    private static int id(Path origin, String token, JsonNode id) throws FileSystemException {
        if (!id.isInt() || id.asInt() < 0) {
            throw FileFault.of(origin, "token %s: expected an id, found %s".formatted(token, id));
        }
        return id.asInt();
    }

    /** The model's own settings where they are not what they are when absent; dropout is off. */
    private static String settings(JsonNode model) {
        Map<String, JsonNode> settings = new TreeMap<>();
        for (Map.Entry<String, JsonNode> setting : model.properties()) {
            JsonNode value = setting.getValue();
            boolean unset =
                    value.isNull()
                            || (value.isBoolean() && !value.booleanValue())
                            || (value.isTextual() && value.textValue().isEmpty());
            if (!unset && !Set.of("vocab", "merges", "dropout").contains(setting.getKey())) {
                settings.put(setting.getKey(), value);
            }
        }
        return settings.toString();
    }

    private static String flags(JsonNode token) {
        StringBuilder flags = new StringBuilder();
        for (String flag : List.of("lstrip", "rstrip", "single_word")) {
            if (token.path(flag).asBoolean(false)) {
                flags.append(flag).append(' ');
            }
        }
        return flags.toString();
    }

    /** JSON with sorted keys, without what is absent, default or of no effect on ids. */
    private static String canonical(JsonNode node) {
        StringBuilder text = new StringBuilder();
        if (node.isArray()) {
            text.append('[');
            node.forEach(element -> text.append(canonical(element)).append(','));
            return text.append(']').toString();
        }
        if (!node.isObject()) {
            return node.isMissingNode() ? "null" : node.toString();
        }
        Map<String, String> fields = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            boolean usual =
                    field.getValue().isNull()
                            || (field.getKey().equals("use_regex") && field.getValue().asBoolean());
            if (!usual && !OFFSETS_ONLY.contains(field.getKey())) {
                fields.put(field.getKey(), canonical(field.getValue()));
            }
        }
        return fields.toString();
    }
}
