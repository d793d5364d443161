package org.diagonal.plugin.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diagonal.plugin.files.FileFault;

/**
 * The parts of a {@code tokenizer.json} that the native library is known to take whatever a text
 * holds. Other parts and values end the whole process there when it meets them, so that they are
 * refused by name before it does.
 */
final class TokenizerParts {

    private static final String TYPE = "type";
    private static final String NONE = "none";

    /** The patterns of tokenizers in use; a pattern of anybody's making can search for ever. */
    private static final Set<String> KNOWN_PATTERNS =
            Set.of(
                    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|"
                            + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|"
                            + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                    " {2,}",
                    "\\s+",
                    "\\p{N}{1,3}",
                    "[0-9]");

    private static final Set<String> BEHAVIORS =
            Set.of("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous");

    /** What a setting of a part may be. */
    private enum Setting {
        FLAG,
        TEXT,
        LETTER,
        PATTERN,
        BEHAVIOR,
        SCHEME,
        NOTHING,
        ONE,
        PARTS;

        boolean takes(JsonNode value) {
            return switch (this) {
                case FLAG -> value.isBoolean() || value.isNull();
                case TEXT -> value.isTextual();
                case LETTER -> isLetter(value);
                case PATTERN -> isPattern(value);
                case BEHAVIOR -> value.isTextual() && BEHAVIORS.contains(value.textValue());
                case SCHEME ->
                        value.isNull() || Set.of("always", "first", "never").contains(text(value));
                case NOTHING -> value.isInt() && value.intValue() == 0;
                case ONE -> value.isInt() && value.intValue() == 1;
                case PARTS -> value.isArray();
            };
        }

        private static String text(JsonNode value) {
            return value.asText();
        }

        private static boolean isLetter(JsonNode value) {
            String text = value.isTextual() ? value.textValue() : "";
            return !text.isEmpty() && text.codePointCount(0, text.length()) == 1;
        }

        private static boolean isPattern(JsonNode value) {
            JsonNode literal = value.path("String");
            JsonNode regex = value.path("Regex");
            return value.size() == 1
                    && (literal.isTextual()
                            ? !literal.textValue().isEmpty()
                            : KNOWN_PATTERNS.contains(regex.textValue()));
        }
    }

    private static final Map<String, Setting> BYTE_LEVEL =
            Map.of(
                    "add_prefix_space", Setting.FLAG,
                    "trim_offsets", Setting.FLAG,
                    "use_regex", Setting.FLAG);
    private static final Map<String, Setting> REPLACE =
            Map.of("pattern", Setting.PATTERN, "content", Setting.TEXT);
    private static final Map<String, Setting> METASPACE =
            Map.of(
                    "replacement", Setting.LETTER,
                    "prepend_scheme", Setting.SCHEME,
                    "add_prefix_space", Setting.FLAG,
                    "split", Setting.FLAG,
                    "str_rep", Setting.LETTER);

    private static final Map<String, Map<String, Setting>> NORMALIZERS = normalizers();
    private static final Map<String, Map<String, Setting>> PRE_TOKENIZERS = preTokenizers();
    private static final Map<String, Map<String, Setting>> DECODERS = decoders();

    private static Map<String, Map<String, Setting>> normalizers() {
        Map<String, Map<String, Setting>> all = new LinkedHashMap<>();
        for (String type :
                List.of("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "ByteLevel")) {
            all.put(type, Map.of());
        }
        all.put("Replace", REPLACE);
        all.put("Strip", Map.of("strip_left", Setting.FLAG, "strip_right", Setting.FLAG));
        all.put("Sequence", Map.of("normalizers", Setting.PARTS));
        return all;
    }

    private static Map<String, Map<String, Setting>> preTokenizers() {
        Map<String, Map<String, Setting>> all = new LinkedHashMap<>();
        all.put("ByteLevel", BYTE_LEVEL);
        for (String type : List.of("Whitespace", "WhitespaceSplit", "BertPreTokenizer")) {
            all.put(type, Map.of());
        }
        all.put("Digits", Map.of("individual_digits", Setting.FLAG));
        all.put("Punctuation", Map.of("behavior", Setting.BEHAVIOR));
        all.put("Metaspace", METASPACE);
        all.put(
                "Split",
                Map.of(
                        "pattern", Setting.PATTERN,
                        "behavior", Setting.BEHAVIOR,
                        "invert", Setting.FLAG));
        all.put("Sequence", Map.of("pretokenizers", Setting.PARTS));
        return all;
    }

    private static Map<String, Map<String, Setting>> decoders() {
        Map<String, Map<String, Setting>> all = new LinkedHashMap<>();
        all.put("ByteLevel", BYTE_LEVEL);
        all.put("Metaspace", METASPACE);
        all.put("Replace", REPLACE);
        all.put("ByteFallback", Map.of());
        all.put("Fuse", Map.of());
        all.put(
                "Strip",
                Map.of(
                        "content", Setting.LETTER,
                        "start", Setting.ONE,
                        "stop", Setting.NOTHING));
        all.put("Sequence", Map.of("decoders", Setting.PARTS));
        return all;
    }

    private final Path origin;
    private final ObjectNode root;

    private TokenizerParts(Path origin, ObjectNode root) {
        this.origin = origin;
        this.root = root;
    }

    /**
     * Checks every part, and leaves out what would not change the ids of a text on its own but its
     * length or chance: truncation, padding, the tokens around a text, and the dropout of merges.
     *
     * @param origin the file, for messages
     * @param root the file's content, which this changes
     * @return whether anything was left out
     * @throws FileSystemException naming the first part that is not known to be safe
     */
    static boolean reduce(Path origin, ObjectNode root) throws FileSystemException {
        TokenizerParts parts = new TokenizerParts(origin, root);
        parts.check("normalizer", root.path("normalizer"), NORMALIZERS);
        parts.check("pre_tokenizer", root.path("pre_tokenizer"), PRE_TOKENIZERS);
        parts.check("decoder", root.path("decoder"), DECODERS);
        TokenizerModel.check(origin, root);
        return parts.leaveOut();
    }

    private boolean leaveOut() throws FileSystemException {
        boolean changed = false;
        for (String key : List.of("truncation", "padding")) {
            changed |= root.hasNonNull(key);
            root.putNull(key);
        }
        JsonNode around = root.path("post_processor");
        if (!around.isMissingNode() && !around.isNull()) {
            boolean offsets = around.path(TYPE).asText().equals("ByteLevel");
            if (offsets) {
                check("post_processor", around, Map.of("ByteLevel", BYTE_LEVEL));
            } else {
                root.putNull("post_processor");
                changed = true;
            }
        }
        if (root.path("model") instanceof ObjectNode model && model.hasNonNull("dropout")) {
            model.putNull("dropout");
            changed = true;
        }
        return changed;
    }

    private void check(String place, JsonNode part, Map<String, Map<String, Setting>> known)
            throws FileSystemException {
        if (part.isMissingNode() || part.isNull()) {
            return;
        }
        String type = part.path(TYPE).asText(NONE);
        if (!known.containsKey(type)) {
            throw FileFault.of(
                    origin,
                    "%s: type %s is not supported; supported are %s"
                            .formatted(place, type, String.join(", ", known.keySet())));
        }
        for (Map.Entry<String, JsonNode> setting : part.properties()) {
            if (!setting.getKey().equals(TYPE)) {
                check(place, type, setting, known);
            }
        }
    }

    private void check(
            String place,
            String type,
            Map.Entry<String, JsonNode> setting,
            Map<String, Map<String, Setting>> known)
            throws FileSystemException {
        Setting allowed = known.get(type).get(setting.getKey());
        if (allowed == null || !allowed.takes(setting.getValue())) {
            throw FileFault.of(
                    origin,
                    "%s.%s: %s with %s is not supported"
                            .formatted(place, setting.getKey(), type, setting.getValue()));
        }
        if (allowed == Setting.PARTS) {
            for (int i = 0; i < setting.getValue().size(); i++) {
                check(
                        "%s.%s[%d]".formatted(place, setting.getKey(), i),
                        setting.getValue().get(i),
                        known);
            }
        }
    }
}
