package org.diagonal.eval.source;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.diagonal.eval.hub.Hub;
import org.diagonal.wikitext.Corpus;
import org.diagonal.wikitext.DataFolder;
import org.diagonal.wikitext.Split;

/**
 * What {@code --data} names: a data set with splits, or one file.
 *
 * @param name what the user wrote, without the split
 * @param split the split that he wrote
 */
public record TextSource(String name, Optional<Split> split) {

    private static final Pattern SUFFIX = Pattern.compile("(.+):(train|validation|valid|test)");

    /** A name with a split that there is not; a letter before the colon is a drive of Windows. */
    private static final Pattern OTHER_SUFFIX = Pattern.compile("[\\w.-]{2,}:\\w*");

    /**
     * Takes a split off the end of what the user wrote.
     *
     * @throws IllegalArgumentException if it ends with the name of another split
     */
    public static TextSource parse(String words) {
        Matcher matcher = SUFFIX.matcher(words);
        if (!matcher.matches() && isOtherSplit(words)) {
            throw new IllegalArgumentException(
                    words + ": the splits are :train, :validation and :test");
        }
        return matcher.matches()
                ? new TextSource(matcher.group(1), Optional.of(Split.parse(matcher.group(2))))
                : new TextSource(words, Optional.empty());
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
        Split wanted = split.orElse(otherwise);
        if (name.equals(Hub.EUROPARL)) {
            return Corpus.europarl(wanted);
        }
        Path path = hub.data(name, wanted.toString());
        if (Files.isDirectory(path)) {
            return new DataFolder(path).open(wanted);
        }
        if (split.isPresent()) {
            throw new IllegalArgumentException(
                    name + " is a file, which has no split " + split.get());
        }
        return Corpus.open(path);
    }

    /**
     * Another split of the same data set.
     *
     * @return empty if this is a file, or a folder without that split
     */
    public Optional<Corpus> sibling(Hub hub, Split other) throws IOException {
        if (!name.equals(Hub.EUROPARL)) {
            Path path = Path.of(name);
            if (Files.isRegularFile(path)) {
                return Optional.empty();
            }
            if (Files.isDirectory(path)) {
                try {
                    return Optional.of(new DataFolder(path).open(other));
                } catch (NoSuchFileException e) {
                    return Optional.empty(); // a folder with fewer splits is a data set, too
                }
            }
        }
        return Optional.of(new TextSource(name, Optional.of(other)).open(hub, other));
    }
}
