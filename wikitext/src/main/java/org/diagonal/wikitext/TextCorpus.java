package org.diagonal.wikitext;

import java.io.IOException;
import java.io.InputStream;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** A corpus of text: WikiText, text as it is, or a row an article. */
final class TextCorpus extends Corpus {

    // The characters that are tokenized at once: enough for all cores, little on the heap.
    private static final int BATCH = 1 << 18;
    // WikiText begins with a heading after a blank line or two.
    private static final int FIRST_ROWS = 10;
    private static final String ROW_SEPARATOR = "\n\n";

    private final Lines.Source source;
    private final boolean bytes;
    private final boolean parquet;

    /** With {@code bytes}, the digest is that of the one file's bytes; otherwise of its rows. */
    private TextCorpus(
            String name,
            Layout layout,
            List<Path> files,
            String reading,
            boolean bytes,
            boolean parquet,
            Lines.Source source) {
        super(name, layout, files, reading);
        this.bytes = bytes;
        this.parquet = parquet;
        this.source = source;
    }

    /** Lines of text in files that follow each other. */
    static TextCorpus lines(String name, List<Path> files, RecordFormat format) {
        return new TextCorpus(
                name,
                format == RecordFormat.WIKITEXT ? Layout.WIKITEXT : Layout.PLAIN,
                files,
                "",
                files.size() == 1,
                false,
                () -> new FileLines(files, format, Optional.empty()));
    }

    /** Records, a text each: WikiText if the first that is not blank is a heading of it. */
    static TextCorpus records(
            String name, List<Path> files, RecordFormat format, Optional<String> column) {
        Layout layout = isWikiText(files, format, column) ? Layout.WIKITEXT : Layout.ARTICLES;
        return new TextCorpus(
                name,
                layout,
                files,
                column.map(words -> "column " + words).orElse(""),
                false,
                format == RecordFormat.PARQUET,
                () -> open(files, format, column, layout));
    }

    private static Lines open(
            List<Path> files, RecordFormat format, Optional<String> column, Layout layout)
            throws IOException {
        return format == RecordFormat.PARQUET
                ? new ParquetLines(files, column.orElse("text"), layout == Layout.WIKITEXT)
                : new FileLines(files, format, column);
    }

    private static boolean isWikiText(
            List<Path> files, RecordFormat format, Optional<String> column) {
        try (Lines lines = open(files, format, column, Layout.WIKITEXT)) {
            boolean more = lines.next();
            for (int i = 0; more && i < FIRST_ROWS && Whitespace.isBlank(lines.line()); i++) {
                more = lines.next();
            }
            return more && Articles.isHeading(lines.line());
        } catch (IOException e) {
            return format == RecordFormat.PARQUET; // whoever reads the text will hear of it
        }
    }

    static TextCorpus articles(String name, List<String> articles) {
        List<String> copy = List.copyOf(articles);
        return new TextCorpus(
                name, Layout.ARTICLES, List.of(), "", false, false, () -> new ListLines(copy));
    }

    @Override
    public Corpus first(long most) {
        requireSome(most);
        String unit = layout() == Layout.PLAIN ? "lines" : "documents";
        return new TextCorpus(
                "%s (first %d %s)".formatted(name(), most, unit),
                layout(),
                files(),
                reading() + " first " + most,
                false,
                parquet,
                () -> new FirstLines(source.open(), layout(), most));
    }

    @Override
    public String sha256() throws IOException {
        if (bytes) {
            Path file = files().get(0);
            try (InputStream in = Packing.of(file).open(file, new AtomicLong())) {
                return Sha256.of(in);
            }
        }
        Sha256 sha = new Sha256();
        try (Lines lines = source.open()) {
            while (lines.next()) {
                sha.add(row(lines.line()));
            }
        }
        return sha.hex();
    }

    @Override
    public long size() throws IOException {
        if (!files().isEmpty()) {
            return parquet ? ParquetLines.rows(files()) : FileLines.size(files());
        }
        try (Lines lines = source.open()) {
            while (lines.next()) {} // few, and in memory
            return lines.done();
        }
    }

    @Override
    void tokenize(View view, TextEncoder encoder, TokenSink sink, LongConsumer progress)
            throws IOException {
        try {
            switch (view) {
                case ROWS -> rows(encoder, sink, progress);
                case JOINED -> joined(encoder, sink, progress);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name() + ": " + e.getMessage(), e);
        }
    }

    /** The row that a line is in the data set. */
    private String row(String line) {
        return layout() == Layout.WIKITEXT && Whitespace.isBlank(line) ? "" : line;
    }

    private void rows(TextEncoder encoder, TokenSink sink, LongConsumer progress)
            throws IOException {
        try (Lines lines = source.open()) {
            Articles articles = new Articles(layout());
            List<String> batch = new ArrayList<>();
            BitSet begins = new BitSet();
            int characters = 0;
            boolean more = true;
            while (more) {
                more = lines.next();
                if (more) {
                    begins.set(batch.size(), articles.begins(lines.line()));
                    batch.add(row(lines.line()));
                    characters += lines.line().length();
                }
                if (characters >= BATCH || !more) {
                    putRows(encoder.encode(batch), begins, sink);
                    batch.clear();
                    characters = 0;
                    progress.accept(lines.done());
                }
            }
        }
    }

    private static void putRows(int[][] rows, BitSet begins, TokenSink sink) throws IOException {
        for (int i = 0; i < rows.length; i++) {
            if (begins.get(i)) {
                sink.article();
            }
            sink.row();
            sink.ids(rows[i]);
        }
    }

    private void joined(TextEncoder encoder, TokenSink sink, LongConsumer progress)
            throws IOException {
        StringBuilder text = new StringBuilder();
        IntList starts = new IntList(); // in code points, as the tokens' ends are
        int codePoints = 0;
        try (Lines lines = source.open()) {
            Articles articles = new Articles(layout());
            while (lines.next()) {
                if (layout() == Layout.WIKITEXT && starts.size() > 0) {
                    text.append(ROW_SEPARATOR);
                    codePoints += ROW_SEPARATOR.length();
                }
                if (articles.begins(lines.line())) {
                    starts.add(codePoints);
                }
                String row = row(lines.line());
                TextEncoder.checkLength((long) text.length() + row.length());
                text.append(row);
                codePoints += row.codePointCount(0, row.length());
            }
            putWhole(encoder.encodeWhole(text.toString()), starts.toArray(), sink);
            progress.accept(lines.done());
        }
    }

    /** An article's first token is the first that ends after the article's begin. */
    private static void putWhole(TextEncoder.Whole whole, int[] starts, TokenSink sink)
            throws IOException {
        int article = 0;
        int from = 0;
        for (int i = 0; i < whole.ids.length; i++) {
            while (article < starts.length && (article == 0 || whole.ends[i] > starts[article])) {
                sink.ids(whole.ids, from, i);
                from = i;
                sink.article();
                article++;
            }
        }
        sink.ids(whole.ids, from, whole.ids.length);
        for (; article < starts.length; article++) {
            sink.article();
        }
    }

    @Override
    public List<Document> documents(TextEncoder encoder) throws IOException {
        try (Lines lines = source.open()) {
            Documents documents = new Documents(encoder);
            switch (layout()) {
                case WIKITEXT -> pages(lines, documents);
                case PLAIN -> documents.add(whole(lines));
                case ARTICLES -> {
                    while (lines.next()) {
                        documents.add(lines.line());
                    }
                }
                case IDS -> throw new IllegalStateException("ids are not text");
            }
            return documents.finish();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name() + ": " + e.getMessage(), e);
        }
    }

    private static String whole(Lines lines) throws IOException {
        StringBuilder text = new StringBuilder();
        while (lines.next()) {
            TextEncoder.checkLength((long) text.length() + lines.line().length());
            text.append(lines.line());
        }
        return text.toString();
    }

    /** Pages as the document-level data set has them: the break before a heading is in none. */
    private static void pages(Lines lines, Documents documents) throws IOException {
        StringBuilder page = new StringBuilder();
        while (lines.next()) {
            if (page.length() > 0 && page.charAt(page.length() - 1) != '\n') {
                page.append('\n'); // a row of parquet that lost its line break
            }
            if (Articles.isHeading(lines.line())) {
                if (!Whitespace.isBlank(page)) {
                    documents.add(page.substring(0, page.length() - 1));
                }
                page.setLength(0);
            }
            TextEncoder.checkLength((long) page.length() + lines.line().length());
            page.append(lines.line());
        }
        documents.add(page.toString());
    }

    /** Gathers documents, tokenized some at a time. */
    private final class Documents {
        private final TextEncoder encoder;
        private final List<Document> all = new ArrayList<>();
        private final List<String> batch = new ArrayList<>();
        private int characters;

        Documents(TextEncoder encoder) {
            this.encoder = encoder;
        }

        void add(String original) {
            batch.add(original);
            characters += original.length();
            if (characters >= BATCH) {
                flush();
            }
        }

        List<Document> finish() {
            flush();
            return List.copyOf(all);
        }

        private void flush() {
            boolean wikitext = layout() == Layout.WIKITEXT;
            int[][] ids =
                    encoder.encode(
                            batch.stream()
                                    .map(page -> wikitext ? Detokenizer.detokenize(page) : page)
                                    .toList());
            for (int i = 0; i < ids.length; i++) {
                String page = batch.get(i);
                if (ids[i].length > 0) {
                    all.add(
                            new Document(
                                    IntBuffer.wrap(ids[i]),
                                    OptionalLong.of(Whitespace.parts(page)),
                                    OptionalLong.of(page.getBytes(StandardCharsets.UTF_8).length)));
                }
            }
            batch.clear();
            characters = 0;
        }
    }
}
