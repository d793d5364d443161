package org.diagonal.plugin.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.diagonal.plugin.files.FileFault;

/**
 * Checks the model and the added tokens of a {@code tokenizer.json}, as {@link TokenizerParts} does
 * the rest.
 */
final class TokenizerModel {

    private static final List<String> PREFIXES =
            List.of("continuing_subword_prefix", "end_of_word_suffix");

    private final Path origin;
    private final JsonNode model;

    private TokenizerModel(Path origin, JsonNode model) {
        this.origin = origin;
        this.model = model;
    }

    static void check(Path origin, JsonNode root) throws FileSystemException {
        TokenizerModel checked = new TokenizerModel(origin, root.path("model"));
        String type = checked.type();
        switch (type) {
            case "BPE" -> checked.bytePairs();
            case "WordLevel" -> checked.words();
            case "Unigram" -> checked.unigram();
            default ->
                    throw checked.fault(
                            "type",
                            type + " is not supported; supported are BPE, WordLevel," + " Unigram");
        }
        for (JsonNode token : root.path("added_tokens")) {
            if (!token.path("content").isTextual() || token.path("content").asText().isEmpty()) {
                throw FileFault.of(origin, "added_tokens: expected a content, found " + token);
            }
        }
    }

    private FileSystemException fault(String key, String what) {
        return FileFault.of(origin, "model." + key + ": " + what);
    }

    /** Old files do not say it. */
    private String type() {
        return model.path("type").asText(model.has("merges") ? "BPE" : "none");
    }

    private void bytePairs() throws FileSystemException {
        requireVocabulary();
        for (String key : PREFIXES) {
            if (!model.path(key).asText("").isEmpty() && !model.path(key).isNull()) {
                throw fault(
                        key, "expected none, as in a GPT-2's tokenizer, found " + model.path(key));
            }
        }
        for (String key : List.of("fuse_unk", "byte_fallback", "ignore_merges")) {
            requireFlag(key);
        }
        JsonNode dropout = model.path("dropout");
        boolean share = dropout.isNumber() && dropout.asDouble() >= 0 && dropout.asDouble() <= 1;
        if (!dropout.isMissingNode() && !dropout.isNull() && !share) {
            throw fault("dropout", "expected a number from 0 to 1, found " + dropout);
        }
        requireUnknown(false);
        if (!model.path("merges").isArray()) {
            throw fault("merges", "expected a list of pairs of tokens");
        }
        for (JsonNode merge : model.path("merges")) {
            if (!isMerge(merge)) {
                throw fault("merges", "expected pairs of tokens, found " + merge);
            }
        }
    }

    private boolean isMerge(JsonNode merge) {
        List<String> pair;
        if (merge.isTextual()) {
            pair = List.of(merge.textValue().split(" ", -1));
        } else if (merge.isArray() && merge.path(0).isTextual() && merge.path(1).isTextual()) {
            pair = List.of(merge.path(0).textValue(), merge.path(1).textValue());
            if (merge.size() != 2) {
                return false;
            }
        } else {
            return false;
        }
        JsonNode vocabulary = model.path("vocab");
        return pair.size() == 2
                && vocabulary.has(pair.get(0))
                && vocabulary.has(pair.get(1))
                && vocabulary.has(pair.get(0) + pair.get(1));
    }

    private void words() throws FileSystemException {
        requireVocabulary();
        requireUnknown(true);
    }

    private void unigram() throws FileSystemException {
        JsonNode vocabulary = model.path("vocab");
        if (!vocabulary.isArray() || vocabulary.isEmpty()) {
            throw fault("vocab", "expected a list of tokens and scores");
        }
        for (JsonNode token : vocabulary) {
            boolean named = token.path(0).isTextual() && !token.path(0).asText().isEmpty();
            boolean scored = token.path(1).isNumber() && Double.isFinite(token.path(1).asDouble());
            if (!named || !scored || token.size() != 2) {
                throw fault("vocab", "expected a token and its score, found " + token);
            }
        }
        JsonNode unknown = model.path("unk_id");
        boolean known =
                unknown.isInt() && unknown.asInt() >= 0 && unknown.asInt() < vocabulary.size();
        if (!known) {
            throw fault("unk_id", "expected the place of a token, found " + unknown);
        }
        requireFlag("byte_fallback");
    }

    private void requireVocabulary() throws FileSystemException {
        JsonNode vocabulary = model.path("vocab");
        if (!vocabulary.isObject() || vocabulary.isEmpty()) {
            throw fault("vocab", "expected tokens with ids");
        }
    }

    private void requireFlag(String key) throws FileSystemException {
        JsonNode value = model.path(key);
        if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
            throw fault(key, "expected true or false, found " + value);
        }
    }

    /** A letter outside the vocabulary ends an encoding if the token for it is missing, too. */
    private void requireUnknown(boolean needed) throws FileSystemException {
        JsonNode unknown = model.path("unk_token");
        if (unknown.isMissingNode() || unknown.isNull()) {
            if (needed) {
                throw fault("unk_token", "is missing");
            }
            return;
        }
        Optional<String> token = Optional.ofNullable(unknown.textValue());
        if (token.isEmpty() || !model.path("vocab").has(token.get())) {
            throw fault("unk_token", unknown + " is not in the vocabulary");
        }
    }
}
