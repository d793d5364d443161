package org.diagonal.wikitext.rows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;

/**
 * The texts of JSON records in order: objects one after another, as in JSON Lines, or in one array.
 * Where a record is a string instead, it is the text.
 */
final class JsonLines implements Lines {

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxStringLength(1 << 29).build())
                    .build();

    private final String name;
    private final String column;
    private final JsonParser parser;
    private boolean begun;
    private boolean array;
    private long count;
    private String line = "";

    /** Records of a stream that {@link #close} closes. */
    JsonLines(String name, String column, InputStream in) throws IOException {
        this.name = name;
        this.column = column;
        this.parser = JSON.createParser(new Utf8Reader(name, in));
    }

    @Override
    public boolean next() throws IOException {
        try {
            JsonToken token = parser.nextToken();
            if (!begun && token == JsonToken.START_ARRAY) {
                array = true;
                token = parser.nextToken();
            }
            begun = true;
            if (token == null) {
                if (array) {
                    throw bad("the array does not end");
                }
                return false;
            }
            if (array && token == JsonToken.END_ARRAY) {
                array = false;
                return parser.nextToken() != null && trailing();
            }
            count++;
            line = record(token);
            return true;
        } catch (JsonProcessingException e) {
            throw bad("is not JSON: " + JsonFault.words(e));
        }
    }

    private boolean trailing() throws IOException {
        throw bad("expected nothing behind the array");
    }

    private String record(JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            return whole(parser.getText());
        }
        if (token != JsonToken.START_OBJECT) {
            throw bad("expected an object with the key \"" + column + "\", found " + said(token));
        }
        List<String> keys = new ArrayList<>();
        String text = null;
        String at = place();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            keys.add(key);
            JsonToken value = parser.nextToken();
            if (key.equals(column)) {
                if (value != JsonToken.VALUE_STRING) {
                    throw bad("expected a string under \"" + key + "\", found " + said(value));
                }
                if (text != null) {
                    throw bad("the key \"" + key + "\" stands twice in a record");
                }
                text = whole(parser.getText());
            } else {
                parser.skipChildren();
            }
        }
        if (text == null) {
            throw new ColumnException(at, column, keys);
        }
        return text;
    }

    /** An escape can name half of a letter, which no encoding holds. */
    private String whole(String text) throws IOException {
        if (text.chars().anyMatch(c -> Character.isSurrogate((char) c))
                && !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw bad("a text holds half of a surrogate pair, such as \\ud800");
        }
        return text;
    }

    private static String said(JsonToken token) {
        return switch (token) {
            case START_ARRAY -> "a list";
            case START_OBJECT -> "an object";
            case VALUE_NULL -> "null";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            default -> token.name();
        };
    }

    private String place() {
        return name + ": line " + parser.currentTokenLocation().getLineNr();
    }

    private FileSystemException bad(String what) {
        return new FileSystemException(place(), null, what);
    }

    @Override
    public String line() {
        return line;
    }

    @Override
    public long done() {
        return count;
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
