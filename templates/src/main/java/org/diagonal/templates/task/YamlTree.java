package org.diagonal.templates.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.stream.Collectors;

/**
 * YAML that a user wrote, read strictly: one document, no key twice, no alias, which the parser
 * would give as the text of its name. Whatever is wrong is one line with the file.
 */
public final class YamlTree {

    static final ObjectMapper MAPPER =
            new ObjectMapper(
                            YAMLFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
                                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** The parser's own limit, which it would look for a long time to find. */
    private static final int LONGEST = 3 << 20;

    private YamlTree() {}

    /**
     * Reads the text of a file.
     *
     * @param file its name for messages
     * @return the tree; missing or null for a text without a value
     * @throws FileSystemException naming file and line, if it is not YAML of this kind
     */
    public static JsonNode read(String file, String text) throws FileSystemException {
        if (text.length() > LONGEST) {
            throw fault(file, "is too long to be written by hand: more than 3 MiB", null);
        }
        try {
            refuseAliases(file, text);
            return MAPPER.readTree(text);
        } catch (MismatchedInputException e) {
            throw fault(file, "has a second document, expected one", e);
        } catch (JsonProcessingException e) {
            String line =
                    e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
            throw fault(file, line + "not YAML: " + reason(e), e);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail", e);
        }
    }

    private static FileSystemException fault(String file, String why, Throwable cause) {
        FileSystemException fault = new FileSystemException(file, null, why);
        fault.initCause(cause);
        return fault;
    }

    private static void refuseAliases(String file, String text) throws IOException {
        try (YAMLParser yaml = (YAMLParser) MAPPER.createParser(text)) {
            while (yaml.nextToken() != null) {
                if (yaml.isCurrentAlias()) {
                    int line = yaml.currentTokenLocation().getLineNr();
                    throw fault(file, "line %d: %s".formatted(line, alias(yaml.getText())), null);
                }
            }
        }
    }

    /** What is wrong with an alias of some name. */
    public static String alias(String name) {
        return "*%s is an alias, which is not read: write the value itself".formatted(name);
    }

    /** The parser's words in one line, without its objects and the piece of the file. */
    public static String reason(JsonProcessingException fault) {
        String words = fault.getOriginalMessage();
        if (words.startsWith("Expected a field name")) {
            return words.contains("AliasEvent")
                    ? "a key is an alias, which is not read: write the key itself"
                    : "a key is a list or a map, expected a word";
        }
        if (words.contains("nesting depth")) {
            return "it is nested too deeply";
        }
        return words.lines()
                .filter(line -> !line.isBlank() && !line.startsWith(" "))
                .collect(
                        Collectors.joining(
                                ", ", "", "; texts with , ? : # or brackets need quotes"));
    }
}
