package org.diagonal.wikitext;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.diagonal.wikitext.rows.FileLines;
import org.diagonal.wikitext.rows.JsonFault;
import org.diagonal.wikitext.rows.Lines;
import org.diagonal.wikitext.rows.RecordFormat;

/** A file of token ids, a JSON array a line; lines of white space are passed over. */
final class IdsCorpus extends Corpus {

    private static final JsonFactory JSON = new JsonFactory();

    private final long most;

    IdsCorpus(String name, List<Path> files) {
        this(name, files, "", Long.MAX_VALUE);
    }

    private IdsCorpus(String name, List<Path> files, String reading, long most) {
        super(name, Layout.IDS, files, reading);
        this.most = most;
    }

    @Override
    public Corpus first(long documents) {
        requireSome(documents);
        return new IdsCorpus(
                "%s (first %d documents)".formatted(name(), documents),
                files(),
                "first " + documents,
                documents);
    }

    @Override
    public String sha256() throws IOException {
        if (files().size() == 1 && most == Long.MAX_VALUE) {
            return Corpus.sha256(file());
        }
        MessageDigest sha = DigestUtils.getSha256Digest();
        try (Lines lines = lines()) {
            for (long taken = 0; taken < most && lines.next(); ) {
                if (!Whitespace.isBlank(lines.line())) {
                    sha.update(lines.line().getBytes(StandardCharsets.UTF_8));
                    taken++;
                }
            }
        }
        return Hex.encodeHexString(sha.digest());
    }

    @Override
    public long size() throws IOException {
        return FileLines.size(files());
    }

    private Path file() {
        return files().get(0);
    }

    private Lines lines() {
        return new FileLines(files(), RecordFormat.IDS, Optional.empty());
    }

    @Override
    public List<Document> documents(TextEncoder encoder) throws IOException {
        List<Document> documents = new ArrayList<>();
        read(
                encoder,
                (ids, done) -> {
                    if (ids.length > 0) {
                        documents.add(
                                new Document(
                                        IntBuffer.wrap(ids),
                                        OptionalLong.empty(),
                                        OptionalLong.empty()));
                    }
                });
        return documents;
    }

    @Override
    void tokenize(View view, TextEncoder encoder, TokenSink sink, LongConsumer progress)
            throws IOException {
        read(
                encoder,
                (ids, done) -> {
                    sink.article();
                    sink.row();
                    sink.ids(ids);
                    progress.accept(done);
                });
    }

    private interface Taker {
        void take(int[] ids, long done) throws IOException;
    }

    private void read(TextEncoder encoder, Taker taker) throws IOException {
        try (Lines lines = lines()) {
            long taken = 0;
            for (long number = 1; taken < most && lines.next(); number++) {
                if (!Whitespace.isBlank(lines.line())) {
                    taken++;
                    taker.take(parse(lines.line(), number, encoder), lines.done());
                }
            }
        }
    }

    private int[] parse(String line, long number, TextEncoder encoder) throws IOException {
        IntList ids = new IntList();
        try (JsonParser parser = JSON.createParser(line)) {
            boolean array = parser.nextToken() == JsonToken.START_ARRAY;
            while (array && parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                ids.add(encoder.checked(parser.getLongValue()));
            }
            if (!array || !parser.hasToken(JsonToken.END_ARRAY) || parser.nextToken() != null) {
                throw bad(number, "found " + start(line));
            }
        } catch (JsonProcessingException e) {
            throw bad(number, JsonFault.words(e));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name() + ": line " + number + ": " + e.getMessage());
        }
        return ids.toArray();
    }

    private FileSystemException bad(long number, String found) {
        return new FileSystemException(
                name(), null, "line " + number + ": expected a JSON array of token ids: " + found);
    }

    private static String start(String line) {
        String text = Whitespace.strip(line);
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }
}
