package org.diagonal.wikitext;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.apache.commons.codec.digest.DigestUtils;
import org.diagonal.wikitext.rows.Formats;
import org.diagonal.wikitext.rows.Packing;
import org.diagonal.wikitext.rows.RecordFormat;

/**
 * A text as a data set has it: rows, grouped into articles. What a file holds follows from the end
 * of its name, where {@code .gz} or {@code .zst} may follow:
 *
 * <ul>
 *   <li>{@code .raw} and {@code .tokens} are WikiText, in the rows of Hugging Face's data sets: one
 *       a line, a line of white space is the empty row, any other keeps its line break. An article
 *       begins at a heading of level one.
 *   <li>{@code .jsonl}, {@code .json}, {@code .csv}, {@code .tsv} and {@code .parquet} are records,
 *       each with a text in one column. A record is a row and an article. If the first is a heading
 *       of WikiText, they are the rows of WikiText instead. A row without a line break at its end
 *       gets one.
 *   <li>{@code .ids.jsonl} holds a JSON array of token ids a line; each is a row and an article.
 *   <li>Names that tell of another format, such as {@code .pdf} or {@code .zip}, are refused.
 *   <li>Any other file is text as it is: one article, its rows end at line breaks.
 * </ul>
 *
 * <p>In every file of text, line breaks of any kind become a line feed, as in Python's text mode
 * and so in Hugging Face's data sets, and a byte order mark at its beginning is dropped.
 *
 * <p>Files are read anew at each call, a piece at a time. Text must be UTF-8.
 */
public abstract sealed class Corpus permits TextCorpus, IdsCorpus {

    /** What a text's rows, articles and documents are. */
    public enum Layout {
        /** Rows and articles of WikiText; documents are articles, de-tokenized. */
        WIKITEXT,
        /** A text as it is: rows are lines, the whole is one article and one document. */
        PLAIN,
        /** Each row is an article and a document, as it is. */
        ARTICLES,
        /** Each row is an article and a document, given as ids. */
        IDS
    }

    /** How a text is cut into pieces that are tokenized on their own. */
    enum View {
        ROWS,
        JOINED
    }

    private final String name;
    private final Layout layout;
    private final List<Path> files;

    private final String reading;

    /** With {@code reading}, what else than the files decides the text. */
    Corpus(String name, Layout layout, List<Path> files, String reading) {
        this.name = name;
        this.layout = layout;
        this.files = List.copyOf(files);
        this.reading = reading;
    }

    /**
     * The text of one file.
     *
     * @throws IOException if there is no such file, or it is a folder
     */
    public static Corpus open(Path file) throws IOException {
        return open(List.of(file));
    }

    /** {@link #open(List, Optional)} with the usual column. */
    public static Corpus open(List<Path> files) throws IOException {
        return open(files, Optional.empty());
    }

    /**
     * The text of files of one format that follow each other.
     *
     * @param column where records have their text: {@code text} if empty, and in a table without
     *     such a column the first
     * @throws IOException if one of the files is not there, or is not text
     * @throws IllegalArgumentException if the files are of several formats, or there are none
     */
    public static Corpus open(List<Path> files, Optional<String> column) throws IOException {
        String more = files.size() > 1 ? " and " + (files.size() - 1) + " more" : "";
        return open(files.isEmpty() ? "" : files.get(0) + more, files, column);
    }

    /** {@link #open(List, Optional)} under another name than the files have. */
    public static Corpus open(String name, List<Path> files, Optional<String> column)
            throws IOException {
        for (Path file : files) {
            if (Files.isDirectory(file)) {
                throw new FileSystemException(
                        file.toString(), null, "is a folder; a split of it must be named");
            }
            if (!Files.exists(file)) {
                throw new NoSuchFileException(file.toString(), null, "no such file");
            }
            Formats.require(file);
        }
        List<RecordFormat> formats = files.stream().map(RecordFormat::of).distinct().toList();
        if (formats.size() != 1) {
            throw new IllegalArgumentException("expected files of one format: " + files);
        }
        RecordFormat format = formats.get(0);
        List<Path> copy = List.copyOf(files);
        if (format.isRecords()) {
            return TextCorpus.records(name, copy, format, column);
        }
        if (column.isPresent()) {
            throw new IllegalArgumentException(
                    "%s has no columns, and the column \"%s\" is asked for"
                            .formatted(name, column.get()));
        }
        return format == RecordFormat.IDS
                ? new IdsCorpus(name, copy)
                : TextCorpus.lines(name, copy, format);
    }

    /**
     * A split of the English documents of the Europarl text on the class path, each an article.
     *
     * @throws IOException if the class path has no such text
     */
    public static Corpus europarl(Split split) throws IOException {
        return TextCorpus.articles("europarl:" + split, Europarl.documents(split));
    }

    /** What messages and reports call this text: its path, or its name. */
    public final String name() {
        return name;
    }

    /** What the rows, articles and documents are. */
    public final Layout layout() {
        return layout;
    }

    /** The files that the text is read from; none where it comes from the class path. */
    public final List<Path> files() {
        return files;
    }

    /** What else than the files decides the text, such as the column. */
    final String reading() {
        return reading;
    }

    /**
     * The beginning of this text: its first documents, or where it is one document its first lines.
     * Its name says so.
     *
     * @param most how many, at least 1
     */
    public abstract Corpus first(long most);

    static void requireSome(long most) {
        if (most < 1) {
            throw new IllegalArgumentException("expected at least 1 document, found " + most);
        }
    }

    /**
     * The SHA-256 in lower-case hexadecimal: of the file's unpacked bytes, and where the text is
     * not one file as it is (records, several files, Europarl) of its rows in order as UTF-8. Reads
     * all of it.
     */
    public abstract String sha256() throws IOException;

    /** The SHA-256 of a file's bytes, unpacked, in lower-case hexadecimal. */
    static String sha256(Path file) throws IOException {
        try (InputStream in = Packing.of(file).open(file, new AtomicLong())) {
            return DigestUtils.sha256Hex(in);
        }
    }

    /** How far a progress counts: the bytes of files, the rows of parquet. */
    public abstract long size() throws IOException;

    /** The ids of each row tokenized on its own, in memory. */
    public final Tokens rows(TextEncoder encoder) throws IOException {
        return inMemory(View.ROWS, encoder);
    }

    /**
     * The ids of the text tokenized as one piece, in memory: WikiText's rows joined by two line
     * feeds, any other text as it is. Rows are not marked, except in ids.
     *
     * @throws IllegalArgumentException if the text is too long for one piece
     */
    public final Tokens joined(TextEncoder encoder) throws IOException {
        return inMemory(View.JOINED, encoder);
    }

    private Tokens inMemory(View view, TextEncoder encoder) throws IOException {
        TokenSink.InMemory sink = new TokenSink.InMemory();
        tokenize(view, encoder, sink, done -> {});
        return sink.tokens();
    }

    /**
     * The documents as a harness scores them, those without ids left out. WikiText's articles are
     * de-tokenized by the rules of lm-evaluation-harness; words and bytes are of the original.
     */
    public abstract List<Document> documents(TextEncoder encoder) throws IOException;

    /** Reads the text once and gives its ids to the sink, and what is done to the progress. */
    abstract void tokenize(View view, TextEncoder encoder, TokenSink sink, LongConsumer progress)
            throws IOException;
}
