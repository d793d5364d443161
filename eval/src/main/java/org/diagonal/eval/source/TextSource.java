package org.diagonal.eval.source;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.diagonal.eval.hub.Hub;
import org.diagonal.wikitext.Corpus;
import org.diagonal.wikitext.DataFolder;
import org.diagonal.wikitext.Split;

/**
 * What {@code --data} names: a data set with splits, files, or a pipe.
 *
 * @param name what the user wrote, without the split; {@code -} is stdin
 * @param split the split that he wrote
 * @param reading which part of it is read
 */
public record TextSource(String name, Optional<Split> split, Reading reading) {

    private static final String STDIN = "-";

    private static final Pattern SUFFIX = Pattern.compile("(.+):(train|validation|valid|test)");

    /** What the names of template tasks begin with. */
    public static final String TASK = "task:";

    /** A name with a split that there is not; a letter before the colon is a drive of Windows. */
    private static final Pattern OTHER_SUFFIX = Pattern.compile("[\\w.-]{2,}:\\w*");

    /**
     * Takes a split off the end of what the user wrote.
     *
     * @throws IllegalArgumentException if it is a template task, or ends with the name of another
     *     split
     */
    public static TextSource parse(String words) {
        if (words.startsWith(TASK)) {
            throw new IllegalArgumentException(
                    words + ": is a template task, and a text is needed here");
        }
        Matcher matcher = SUFFIX.matcher(words);
        if (!matcher.matches() && isOtherSplit(words)) {
            throw new IllegalArgumentException(
                    words + ": the splits are :train, :validation and :test");
        }
        return matcher.matches()
                ? new TextSource(
                        matcher.group(1), Optional.of(Split.parse(matcher.group(2))), Reading.ALL)
                : new TextSource(words, Optional.empty(), Reading.ALL);
    }

    private static boolean isOtherSplit(String words) {
        return OTHER_SUFFIX.matcher(words).matches() && !new File(words).exists();
    }

    /**
     * The text.
     *
     * @param otherwise the split of a data set where the user named none
     * @throws IOException if it is not there or cannot be brought
     */
    public Corpus open(Hub hub, Split otherwise) throws IOException {
        return reading.of(whole(hub, split.orElse(otherwise)));
    }

    /** The same text, read otherwise. */
    public TextSource with(Reading other) {
        return new TextSource(name, split, other);
    }

    private Corpus whole(Hub hub, Split wanted) throws IOException {
        if (name.equals(Hub.EUROPARL)) {
            return Corpus.europarl(wanted);
        }
        Optional<Path> kept = kept();
        if (kept.isPresent()) {
            requireNoSplit();
            String pipe = name.equals(STDIN) ? "stdin" : name;
            return Corpus.open(pipe, List.of(kept.get()), reading.column());
        }
        Optional<List<Path>> files = DataFiles.find(name);
        if (files.isPresent()) {
            requireNoSplit();
            return Corpus.open(files.get(), reading.column());
        }
        Path path = hub.data(name, wanted.toString());
        if (Files.isDirectory(path)) {
            return Corpus.open(new DataFolder(path).files(wanted), reading.column());
        }
        requireNoSplit();
        return Corpus.open(List.of(path), reading.column());
    }

    private void requireNoSplit() {
        if (split.isPresent()) {
            throw new IllegalArgumentException(
                    name + " is a file, which has no split " + split.get());
        }
    }

    /** What came through a pipe, in a file; empty for any other name. */
    private Optional<Path> kept() throws IOException {
        if (name.equals(STDIN)) {
            return Optional.of(Spool.keep(System.in, "stdin"));
        }
        if (!isPipe()) {
            return Optional.empty();
        }
        try (InputStream in = new FileInputStream(name)) { // a channel would seek
            return Optional.of(Spool.keep(in, name));
        }
    }

    private boolean isPipe() {
        return Hub.existing(name).filter(Spool::isPipe).isPresent();
    }

    /**
     * Another split of the same data set.
     *
     * @return empty if this is a file, or a folder without that split
     */
    public Optional<Corpus> sibling(Hub hub, Split other) throws IOException {
        if (!name.equals(Hub.EUROPARL) && isFile()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TextSource(name, Optional.of(other), reading).open(hub, other));
        } catch (NoSuchFileException e) {
            if (Files.isDirectory(Path.of(name))) {
                return Optional.empty(); // a folder with fewer splits is a data set, too
            }
            throw e;
        }
    }

    private boolean isFile() throws IOException {
        return name.equals(STDIN)
                || isPipe()
                || DataFiles.find(name).isPresent()
                || Files.isRegularFile(Path.of(name));
    }
}
