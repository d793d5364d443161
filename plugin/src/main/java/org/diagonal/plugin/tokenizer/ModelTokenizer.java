package org.diagonal.plugin.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.plugin.files.JsonFile;
import org.diagonal.plugin.files.TextFile;
import org.diagonal.plugin.product.Library;

/**
 * The tokenizer of a model folder. It neither truncates nor pads nor adds special tokens nor drops
 * merges at random; the one who opens it closes it.
 *
 * @param tokenizer the tokenizer, closed with this
 * @param json the text of a {@code tokenizer.json} that makes it again
 * @param sha256 its identity in hexadecimal: equal for tokenizers that give equal ids by equal
 *     rules, however their files are formatted
 */
public record ModelTokenizer(HuggingFaceTokenizer tokenizer, String json, String sha256)
        implements AutoCloseable {

    static final String END_OF_TEXT = "<|endoftext|>";
    private static final String TOKENIZER = "tokenizer.json";
    private static final int GPT2_VOCABULARY = 50_257;
    private static final int BYTES = 256;
    private static final int ANY = Integer.MAX_VALUE;

    /** Checks that nothing is missing. */
    public ModelTokenizer {
        Objects.requireNonNull(tokenizer, "tokenizer");
        Objects.requireNonNull(json, "json");
        Objects.requireNonNull(sha256, "sha256");
    }

    /** Made once: the ranks take longer to turn into merges than the result to load. */
    private static final class Gpt2 {
        private static final String JSON = Gpt2Ranks.bytePairs().json();
        private static final String SHA256 = identity(JSON);
    }

    /**
     * Opens {@code tokenizer.json}, else {@code vocab.json} with {@code merges.txt}, whatever the
     * size of its vocabulary.
     *
     * @throws NoSuchFileException if there is no tokenizer, saying which files to put there
     * @throws FileSystemException if a file is malformed
     */
    public static ModelTokenizer open(Path folder) throws IOException {
        return open(folder, ANY);
    }

    /**
     * Opens {@code tokenizer.json}, else {@code vocab.json} with {@code merges.txt}; a folder
     * without them gets GPT-2's tokenizer for a vocabulary of 50,257, and bytes for one of 256.
     *
     * @param vocabularySize the number of ids that the model knows
     * @throws NoSuchFileException if there is no tokenizer, saying which files to put there
     * @throws FileSystemException if a file is malformed or has ids beyond the vocabulary
     */
    public static ModelTokenizer open(Path folder, int vocabularySize) throws IOException {
        Path file = folder.resolve(TOKENIZER);
        Path vocabulary = folder.resolve(VocabularyFiles.VOCABULARY);
        Path merges = folder.resolve(VocabularyFiles.MERGES);
        if (Files.exists(file)) {
            return load(file, Files.readAllBytes(file), vocabularySize);
        }
        if (Files.exists(vocabulary) && Files.exists(merges)) {
            String json = VocabularyFiles.read(folder).json();
            return load(vocabulary, json.getBytes(StandardCharsets.UTF_8), vocabularySize);
        }
        if (Files.exists(vocabulary) || Files.exists(merges)) {
            throw new NoSuchFileException(
                    (Files.exists(vocabulary) ? merges : vocabulary).toString(),
                    null,
                    "is missing: vocab.json and merges.txt make a tokenizer together");
        }
        return switch (vocabularySize) {
            case GPT2_VOCABULARY -> gpt2();
            case BYTES -> bytes();
            default ->
                    throw new NoSuchFileException(
                            folder.toString(),
                            null,
                            "has no tokenizer%s: put tokenizer.json, or vocab.json and merges.txt, into the folder"
                                    .formatted(
                                            vocabularySize == ANY
                                                    ? ""
                                                    : " for its vocabulary of " + vocabularySize));
        };
    }

    /** GPT-2's own tokenizer: 50,257 ids, {@code <|endoftext|>} the last. */
    public static ModelTokenizer gpt2() {
        Library.JTOKKIT.require("GPT-2's tokenizer for a folder without tokenizer.json");
        return new ModelTokenizer(make(Gpt2.JSON), Gpt2.JSON, Gpt2.SHA256);
    }

    /** A tokenizer whose ids are the bytes of the text in UTF-8. */
    public static ModelTokenizer bytes() {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        for (int value = 0; value < BYTES; value++) {
            vocabulary.put(String.valueOf(BytePairs.letter(value)), value);
        }
        String json =
                new BytePairs(vocabulary, List.of(), List.of(), false, Optional.empty()).json();
        return new ModelTokenizer(make(json), json, identity(json));
    }

    /**
     * Writes {@code tokenizer.json} and the {@code tokenizer_config.json} that Hugging Face's
     * AutoTokenizer asks for, without a longest length, which is the model's.
     */
    public void save(Path folder) throws IOException {
        save(folder, OptionalInt.empty());
    }

    /**
     * The same with the model's longest length, where clients look for it to cut what is longer.
     *
     * @param longest {@code n_positions} of the model
     */
    public void save(Path folder, int longest) throws IOException {
        save(folder, OptionalInt.of(longest));
    }

    private void save(Path folder, OptionalInt longest) throws IOException {
        AtomicFiles.writeString(folder.resolve(TOKENIZER), json);
        AtomicFiles.writeString(folder.resolve("tokenizer_config.json"), config(longest));
    }

    /** The number of ids, the highest and one. */
    public int vocabularySize() {
        return parsed(json).size();
    }

    /**
     * Whether no token ever lies on both sides of a single space between words, as with GPT-2's: a
     * text that is cut there has the same ids.
     */
    public boolean cutsAtSpaces() {
        return parsed(json).cutsAtSpaces();
    }

    /** Frees the native tokenizer. */
    @Override
    public void close() {
        tokenizer.close();
    }

    private static ModelTokenizer load(Path file, byte[] content, int vocabularySize)
            throws IOException {
        JsonNode root = JsonFile.parse(file, content);
        TokenizerJson parsed = new TokenizerJson(file, root);
        if (parsed.size() > vocabularySize) {
            throw FileFault.of(
                    file,
                    "has %d ids, expected at most the model's vocabulary of %d"
                            .formatted(parsed.size(), vocabularySize));
        }
        String json = TextFile.decode(file, content);
        String sha256 = parsed.sha256();
        boolean reduced = TokenizerParts.reduce(file, (ObjectNode) root);
        try {
            return new ModelTokenizer(make(reduced ? root.toString() : json), json, sha256);
        } catch (RuntimeException e) { // all that the native library tells
            throw FileFault.of(file, "is not a tokenizer: " + e.getMessage(), e);
        }
    }

    private static HuggingFaceTokenizer make(String json) {
        Map<String, String> options =
                Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), options);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail", e);
        }
    }

    private static String identity(String json) {
        return parsed(json).sha256();
    }

    private static TokenizerJson parsed(String json) {
        Path origin = Path.of(TOKENIZER);
        try {
            return new TokenizerJson(
                    origin, JsonFile.parse(origin, json.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("was checked when it was made", e);
        }
    }

    private String config(OptionalInt longest) {
        TokenizerJson parsed = parsed(json);
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            out.useDefaultPrettyPrinter();
            out.writeStartObject();
            out.writeBooleanField("clean_up_tokenization_spaces", false);
            if (longest.isPresent()) {
                out.writeNumberField("model_max_length", longest.getAsInt());
            }
            if (parsed.isGpt2()) {
                out.writeStringField("tokenizer_class", "GPT2Tokenizer");
                out.writeBooleanField("add_prefix_space", parsed.addsPrefixSpace());
                out.writeStringField("bos_token", END_OF_TEXT);
                out.writeStringField("eos_token", END_OF_TEXT);
                out.writeStringField("unk_token", parsed.unknownToken().orElse(END_OF_TEXT));
            } else { // takes tokenizer.json as it is and adds no token of its own
                out.writeStringField("tokenizer_class", "PreTrainedTokenizerFast");
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail", e);
        }
        return text.append('\n').toString();
    }
}
