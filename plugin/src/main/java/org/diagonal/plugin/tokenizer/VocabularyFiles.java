package org.diagonal.plugin.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.plugin.files.JsonFile;
import org.diagonal.plugin.files.TextFile;
import org.diagonal.plugin.tokenizer.BytePairs.AddedToken;

/**
 * Reads the tokenizer of older folders: {@code vocab.json} and {@code merges.txt}, with {@code
 * added_tokens.json}, {@code special_tokens_map.json} and {@code tokenizer_config.json} where they
 * are.
 */
final class VocabularyFiles {

    static final String VOCABULARY = "vocab.json";
    static final String MERGES = "merges.txt";
    private static final String CONFIG = "tokenizer_config.json";
    private static final List<String> SPECIAL =
            List.of("bos_token", "eos_token", "unk_token", "pad_token");

    private final Path folder;
    private final Map<String, Integer> vocabulary;
    private final JsonNode config;
    private final JsonNode specialTokens;

    private VocabularyFiles(Path folder) throws IOException {
        this.folder = folder;
        this.vocabulary = ids(folder.resolve(VOCABULARY));
        this.config = optional(folder.resolve(CONFIG));
        this.specialTokens = optional(folder.resolve("special_tokens_map.json"));
    }

    static BytePairs read(Path folder) throws IOException {
        VocabularyFiles files = new VocabularyFiles(folder);
        return new BytePairs(
                files.vocabulary,
                files.merges(folder.resolve(MERGES)),
                files.added(),
                files.config.path("add_prefix_space").asBoolean(false),
                files.unknown());
    }

    private List<String> merges(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        TextFile.requireGenuine(file, content);
        List<String> lines = TextFile.decode(file, content).lines().toList();
        List<String> merges = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isEmpty() || (i == 0 && line.startsWith("#version"))) {
                continue;
            }
            int space = line.indexOf(' ');
            if (space < 1 || space == line.length() - 1 || line.indexOf(' ', space + 1) >= 0) {
                throw FileFault.of(
                        file,
                        "line %d: expected two tokens with a space between, found %s"
                                .formatted(i + 1, line));
            }
            String left = line.substring(0, space);
            String right = line.substring(space + 1);
            for (String token : List.of(left, right, left + right)) {
                if (!vocabulary.containsKey(token)) {
                    throw FileFault.of(
                            file,
                            "line %d: token %s is not in %s".formatted(i + 1, token, VOCABULARY));
                }
            }
            merges.add(line);
        }
        return merges;
    }

    /** Added tokens by id: what the files list, and special tokens that the vocabulary holds. */
    private List<AddedToken> added() throws IOException {
        Map<Integer, AddedToken> added = new TreeMap<>();
        Set<String> special = new HashSet<>(Set.of(ModelTokenizer.END_OF_TEXT));
        for (String role : SPECIAL) {
            content(config.path(role)).ifPresent(special::add);
            content(specialTokens.path(role)).ifPresent(special::add);
        }
        for (String token : special) {
            if (vocabulary.containsKey(token)) {
                int id = vocabulary.get(token);
                added.put(id, AddedToken.of(id, token));
            }
        }
        Path listed = folder.resolve("added_tokens.json");
        if (Files.exists(listed)) {
            ids(listed).forEach((token, id) -> added.put(id, AddedToken.of(id, token)));
        }
        for (Map.Entry<String, JsonNode> entry : config.path("added_tokens_decoder").properties()) {
            AddedToken token = decoded(entry.getKey(), entry.getValue());
            added.put(token.id(), token);
        }
        for (AddedToken token : added.values()) {
            int known = vocabulary.getOrDefault(token.content(), token.id());
            if (known != token.id()) {
                throw FileFault.of(
                        folder,
                        "token %s has id %d in %s, but %d as an added token"
                                .formatted(token.content(), known, VOCABULARY, token.id()));
            }
        }
        return List.copyOf(added.values());
    }

    private AddedToken decoded(String id, JsonNode token) throws FileSystemException {
        if (!id.matches("\\d{1,9}") || !token.path("content").isTextual()) {
            throw FileFault.of(
                    folder.resolve(CONFIG),
                    "added_tokens_decoder.%s: expected an id and a content, found %s"
                            .formatted(id, token));
        }
        return new AddedToken(
                Integer.parseInt(id),
                token.path("content").asText(),
                token.path("lstrip").asBoolean(false),
                token.path("rstrip").asBoolean(false),
                token.path("single_word").asBoolean(false));
    }

    /** Needed only where the vocabulary lacks a letter; GPT-2's has all 256. */
    private Optional<String> unknown() {
        for (int value = 0; value < 256; value++) {
            if (!vocabulary.containsKey(String.valueOf(BytePairs.letter(value)))) {
                return content(config.path("unk_token"))
                        .or(() -> content(specialTokens.path("unk_token")))
                        .filter(vocabulary::containsKey);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> content(JsonNode token) {
        JsonNode content = token.isObject() ? token.path("content") : token;
        return content.isTextual() ? Optional.of(content.asText()) : Optional.empty();
    }

    private static Map<String, Integer> ids(Path file) throws IOException {
        Map<String, Integer> ids = new LinkedHashMap<>();
        Map<Integer, String> tokens = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : JsonFile.read(file).properties()) {
            JsonNode id = entry.getValue();
            if (!id.isInt() || id.asInt() < 0) {
                throw FileFault.of(
                        file, "%s: expected an id, found %s".formatted(entry.getKey(), id));
            }
            String other = tokens.putIfAbsent(id.asInt(), entry.getKey());
            if (other != null) {
                throw FileFault.of(
                        file,
                        "%s: expected an id of its own, found %d, which is that of %s"
                                .formatted(entry.getKey(), id.asInt(), other));
            }
            ids.put(entry.getKey(), id.asInt());
        }
        return ids;
    }

    private static JsonNode optional(Path file) throws IOException {
        return Files.exists(file) ? JsonFile.read(file) : MissingNode.getInstance();
    }
}
