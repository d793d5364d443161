package org.diagonal.plugin.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.util.ByteBufferBackedInputStream;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.plugin.files.TextFile;

/**
 * Reads and checks the header of a safetensors file: 8 bytes of length, then JSON.
 *
 * <p>It is read as a stream, because a header is input from anywhere: nothing is allocated that the
 * file does not pay for with as many bytes of its own.
 */
final class SafetensorsHeader {

    /** Tensors of the four types in the order of their data. */
    final Map<String, TensorInfo> tensors;

    /** Tensors of types that are not read: name and type. */
    final Map<String, String> others;

    final Map<String, String> metadata;

    /** Where the data section begins in the file. */
    final long dataStart;

    private static final String METADATA = "__metadata__";
    private static final int HEAD = 256;
    private static final int PREFIX = 8;
    private static final long LONGEST = 100_000_000; // Hugging Face's own limit
    private static final int MOST_DIMENSIONS = 64; // PyTorch's own limit
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private record Span(String name, String type, List<Long> shape, long begin, long end) {}

    private SafetensorsHeader(
            List<Span> spans, Map<String, String> metadata, Path file, long dataStart)
            throws FileSystemException {
        Map<String, TensorInfo> known = new LinkedHashMap<>();
        Map<String, String> unknown = new LinkedHashMap<>();
        for (Span span : spans) {
            TensorType type = type(span.type);
            if (type == null) {
                unknown.put(span.name, span.type);
            } else {
                known.put(span.name, info(span, type, file));
            }
        }
        this.tensors = Collections.unmodifiableMap(known);
        this.others = Collections.unmodifiableMap(unknown);
        this.metadata = Collections.unmodifiableMap(metadata);
        this.dataStart = dataStart;
    }

    static SafetensorsHeader read(Path file, FileChannel channel) throws IOException {
        long fileSize = channel.size();
        TextFile.requireGenuine(file, head(channel));
        long length = length(file, channel, fileSize);
        List<Span> spans = new ArrayList<>();
        Map<String, String> metadata = new HashMap<>();
        ByteBuffer text = channel.map(FileChannel.MapMode.READ_ONLY, PREFIX, length);
        try (JsonParser json = JSON.createParser(new ByteBufferBackedInputStream(text))) {
            parse(json, spans, metadata);
        } catch (JsonProcessingException e) {
            throw FileFault.of(file, "bad header: " + e.getOriginalMessage(), e);
        } catch (CharConversionException e) {
            throw FileFault.of(file, "bad header: " + e.getMessage(), e);
        }
        checkOffsets(file, spans, PREFIX + length, fileSize);
        return new SafetensorsHeader(spans, metadata, file, PREFIX + length);
    }

    private static byte[] head(FileChannel channel) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD);
        while (head.hasRemaining() && channel.read(head, head.position()) >= 0) {}
        return Arrays.copyOf(head.array(), head.position());
    }

    private static long length(Path file, FileChannel channel, long fileSize) throws IOException {
        if (fileSize < PREFIX) {
            throw FileFault.of(file, "is truncated: expected at least 8 bytes, found " + fileSize);
        }
        ByteBuffer prefix = ByteBuffer.allocate(PREFIX).order(ByteOrder.LITTLE_ENDIAN);
        while (prefix.hasRemaining() && channel.read(prefix, prefix.position()) >= 0) {}
        long length = prefix.getLong(0);
        if (length < 2 || length > LONGEST) {
            throw FileFault.of(
                    file,
                    "is not a safetensors file: header length must be 2 to %d bytes, found %s"
                            .formatted(LONGEST, Long.toUnsignedString(length)));
        }
        if (length > fileSize - PREFIX) {
            throw FileFault.of(
                    file,
                    "is truncated: expected at least %d bytes, found %d"
                            .formatted(PREFIX + length, fileSize));
        }
        return length;
    }

    private static void parse(JsonParser json, List<Span> spans, Map<String, String> metadata)
            throws IOException {
        expect(json, json.nextToken(), JsonToken.START_OBJECT, "the header");
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            if (json.nextToken() == JsonToken.VALUE_NULL && name.equals(METADATA)) {
                continue; // as Hugging Face's library takes it
            }
            expect(json, json.currentToken(), JsonToken.START_OBJECT, name);
            if (name.equals(METADATA)) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String key = json.currentName();
                    expect(json, json.nextToken(), JsonToken.VALUE_STRING, name + "." + key);
                    metadata.put(key, json.getText());
                }
            } else {
                spans.add(span(json, name));
            }
        }
        if (json.nextToken() != null) {
            throw fault(json, "text after the header's last brace");
        }
    }

    private static Span span(JsonParser json, String name) throws IOException {
        String type = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            JsonToken value = json.nextToken();
            switch (key) {
                case "dtype" -> {
                    expect(json, value, JsonToken.VALUE_STRING, name + ".dtype");
                    type = json.getText();
                }
                case "shape" -> shape = sizes(json, name + ".shape");
                case "data_offsets" -> offsets = sizes(json, name + ".data_offsets");
                default -> json.skipChildren();
            }
        }
        if (type == null || shape == null || offsets == null || offsets.size() != 2) {
            throw fault(json, name + ": expected dtype, shape and two data_offsets, found not all");
        }
        return new Span(name, type, shape, offsets.get(0), offsets.get(1));
    }

    private static List<Long> sizes(JsonParser json, String key) throws IOException {
        expect(json, json.currentToken(), JsonToken.START_ARRAY, key);
        List<Long> sizes = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json, json.currentToken(), JsonToken.VALUE_NUMBER_INT, key);
            if (json.getLongValue() < 0) {
                throw fault(json, key + " must not be negative, found " + json.getLongValue());
            }
            if (sizes.size() == MOST_DIMENSIONS) {
                throw fault(json, key + " has more than " + MOST_DIMENSIONS + " numbers");
            }
            sizes.add(json.getLongValue());
        }
        return sizes;
    }

    private static void expect(JsonParser json, JsonToken found, JsonToken expected, String key)
            throws JsonProcessingException {
        if (found != expected) {
            throw fault(json, "%s: expected %s, found %s".formatted(key, expected, found));
        }
    }

    private static JsonProcessingException fault(JsonParser json, String message) {
        return new JsonParseException(json, message);
    }

    private static void checkOffsets(Path file, List<Span> spans, long dataStart, long fileSize)
            throws FileSystemException {
        spans.sort(Comparator.comparingLong(Span::begin).thenComparingLong(Span::end));
        long next = 0;
        for (Span span : spans) {
            if (span.begin != next || span.end < span.begin) {
                throw FileFault.of(
                        file,
                        "tensor %s has offsets %d to %d, expected them to begin at %d"
                                .formatted(span.name, span.begin, span.end, next));
            }
            next = span.end;
        }
        if (next != fileSize - dataStart) {
            throw FileFault.of(
                    file,
                    "%s: expected %s bytes, found %d"
                            .formatted(
                                    next > fileSize - dataStart ? "is truncated" : "is too long",
                                    Long.toUnsignedString(dataStart + next),
                                    fileSize));
        }
    }

    private static TensorInfo info(Span span, TensorType type, Path file)
            throws FileSystemException {
        try {
            return new TensorInfo(span.name, type, span.shape, span.begin, span.end);
        } catch (IllegalArgumentException e) {
            throw FileFault.of(file, "tensor " + span.name + ": " + e.getMessage(), e);
        }
    }

    private static TensorType type(String name) {
        for (TensorType type : TensorType.values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        return null;
    }
}
