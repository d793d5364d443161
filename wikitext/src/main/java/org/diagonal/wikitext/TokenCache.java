package org.diagonal.wikitext;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;

/**
 * A folder that keeps token ids by what they were made from: the text, the tokenizer, and the way
 * they were cut. A second use maps the file instead of tokenizing. The ids stay outside the heap.
 *
 * <p>A file comes into being whole, by a move, so that processes may share the folder. A damaged
 * one is made again. The folder may be deleted at any time when nobody uses it.
 */
public final class TokenCache {

    private static final String PART = ".tmp";
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Path folder;

    /** A cache in a folder, which need not exist yet. */
    public TokenCache(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    /**
     * The ids of each row tokenized on its own; see {@link Corpus#rows}.
     *
     * @param progress told now and then how much of {@link Corpus#size} is done; not at all where
     *     nothing need be done
     * @throws IOException if the text cannot be read, changes meanwhile, or the cache folder cannot
     *     be written
     */
    public Tokens rows(Corpus corpus, TextEncoder encoder, LongConsumer progress)
            throws IOException {
        return tokens(Corpus.View.ROWS, corpus, encoder, progress);
    }

    /**
     * The ids of the text tokenized as one piece; see {@link Corpus#joined} and {@link #rows}.
     *
     * @throws IOException as {@link #rows} does
     */
    public Tokens joined(Corpus corpus, TextEncoder encoder, LongConsumer progress)
            throws IOException {
        return tokens(Corpus.View.JOINED, corpus, encoder, progress);
    }

    /**
     * The digest of {@link Corpus#sha256}, remembered from an earlier call as long as the files
     * keep their paths, sizes and times, that of their last change among them, which nobody can
     * set. Where the file system does not tell it, the files are read anew.
     *
     * @throws IOException if the text cannot be read or the cache folder cannot be written
     */
    public String sha256(Corpus corpus) throws IOException {
        if (corpus.files().isEmpty()) {
            return corpus.sha256();
        }
        Stamp stamp = Stamp.of(corpus.files());
        Path note =
                folder.resolve("sha256-" + new Sha256().add(stamp.identity() + note(corpus)).hex());
        if (Files.exists(note)) {
            String found = Files.readString(note);
            if (found.matches("[0-9a-f]{64}\n")) {
                return found.strip();
            }
        }
        String sha256 = corpus.sha256();
        if (stamp.isSettled() && stamp.equals(Stamp.of(corpus.files()))) {
            write(note, path -> Files.writeString(path, sha256 + "\n"));
        }
        return sha256;
    }

    private static String note(Corpus corpus) {
        return corpus.reading().isEmpty() ? "" : "\n" + corpus.reading();
    }

    private Tokens tokens(
            Corpus.View view, Corpus corpus, TextEncoder encoder, LongConsumer progress)
            throws IOException {
        Stamp before = Stamp.of(corpus.files());
        Path file = folder.resolve(key(view, corpus, encoder) + ".ids");
        Optional<Tokens> found = Files.exists(file) ? TokenFile.open(file) : Optional.empty();
        if (found.isPresent()) {
            return found.get();
        }
        write(
                file,
                path -> {
                    try (TokenFile.Writer writer = new TokenFile.Writer(path)) {
                        corpus.tokenize(view, encoder, writer, progress);
                        writer.finish();
                    }
                    if (!before.equals(Stamp.of(corpus.files()))) {
                        throw new FileSystemException(
                                corpus.name(), null, "changed while it was read");
                    }
                });
        return TokenFile.open(file)
                .orElseThrow(
                        () ->
                                new FileSystemException(
                                        file.toString(), null, "damaged right after writing"));
    }

    private String key(Corpus.View view, Corpus corpus, TextEncoder encoder) throws IOException {
        List<String> parts = new ArrayList<>();
        parts.add("tokens " + TokenFile.VERSION);
        parts.add("line breaks of any kind, no byte order mark");
        parts.add(view.name());
        parts.add(corpus.layout().name());
        parts.add(sha256(corpus));
        parts.add(corpus.layout() == Corpus.Layout.IDS ? "none" : encoder.sha256());
        parts.add(Integer.toString(encoder.vocabulary()));
        return new Sha256().add(String.join("\n", parts)).hex();
    }

    private interface Content {
        void writeTo(Path path) throws IOException;
    }

    /** Writes beside the target under a name of our own, then moves. */
    private void write(Path target, Content content) throws IOException {
        Files.createDirectories(folder);
        sweep();
        Path part = folder.resolve(UUID.randomUUID() + PART);
        try {
            content.writeTo(part);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AccessDeniedException e) {
            // Windows does not replace a file that another process has mapped: then it is made.
            if (!Files.exists(part) || !Files.exists(target)) {
                throw e;
            }
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) { // a full disk says no more than that
            FileSystemException named =
                    new FileSystemException(
                            target.toString(), null, "could not be written: " + e.getMessage());
            named.initCause(e);
            throw named;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Deletes what processes that were killed have left. */
    private void sweep() throws IOException {
        Instant old = Instant.now().minus(ABANDONED);
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "*" + PART)) {
            for (Path part : parts) {
                if (Files.exists(part)
                        && Files.getLastModifiedTime(part).toInstant().isBefore(old)) {
                    Files.deleteIfExists(part);
                }
            }
        }
    }
}
