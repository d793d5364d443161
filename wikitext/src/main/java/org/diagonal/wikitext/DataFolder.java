package org.diagonal.wikitext;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder that holds the splits of a data set under the names that users have them by: {@code
 * wiki.valid.raw}, {@code wiki.valid.tokens}, {@code validation-00000-of-00001.parquet}, {@code
 * validation.parquet}, {@code valid.txt}, {@code valid.ids.jsonl}; wherever it says valid,
 * validation will do.
 */
public final class DataFolder {

    private static final List<String> FORMS =
            List.of("wiki.%s.raw", "wiki.%s.tokens", "%s.parquet", "%s.txt", "%s.ids.jsonl");
    private static final Pattern SHARD = Pattern.compile("-(\\d{1,9})-of-(\\d{1,9})\\.parquet$");

    private final Path folder;

    /**
     * A folder that is there.
     *
     * @throws IOException if it is not, or is a file
     */
    public DataFolder(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            throw new NoSuchFileException(folder.toString(), null, "no such folder");
        }
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder + ": is a file, expected a folder");
        }
        this.folder = folder;
    }

    /**
     * The text of a split.
     *
     * @throws IOException if the folder has no file of the split, more than one, or not all shards
     *     of it; the message names the files
     */
    public Corpus open(Split split) throws IOException {
        return Corpus.open(files(split));
    }

    /**
     * The files of a split: one, or the parquet shards in order.
     *
     * @throws IOException as {@link #open} does
     */
    public List<Path> files(Split split) throws IOException {
        List<String> names = new ArrayList<>();
        List<String> lookedFor = new ArrayList<>();
        List<String> shards = new ArrayList<>();
        for (String name : split.names()) {
            for (String form : FORMS) {
                lookedFor.add(String.format(form, name));
            }
            lookedFor.add(name + "-*.parquet");
            shards.addAll(shards(name));
        }
        for (String name : lookedFor) {
            if (!name.contains("*") && Files.isRegularFile(folder.resolve(name))) {
                names.add(name);
            }
        }
        if (names.isEmpty() && shards.isEmpty()) {
            throw new NoSuchFileException(
                    folder.toString(),
                    null,
                    "no file of the split "
                            + split
                            + "; looked for "
                            + String.join(", ", lookedFor));
        }
        if (names.size() + (shards.isEmpty() ? 0 : 1) > 1) {
            names.addAll(shards);
            throw new FileSystemException(
                    folder.toString(),
                    null,
                    "more than one text of the split "
                            + split
                            + ", give the path of one: "
                            + names);
        }
        checkComplete(shards);
        return Stream.concat(names.stream(), shards.stream()).map(folder::resolve).toList();
    }

    private List<String> shards(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith(name + "-") && file.endsWith(".parquet"))
                    .sorted()
                    .toList();
        }
    }

    private void checkComplete(List<String> shards) throws IOException {
        for (int i = 0; i < shards.size(); i++) {
            Matcher shard = SHARD.matcher(shards.get(i));
            if (shard.find()
                    && (Long.parseLong(shard.group(1)) != i
                            || Long.parseLong(shard.group(2)) != shards.size())) {
                throw new FileSystemException(
                        folder.toString(),
                        null,
                        "expected all of "
                                + Long.parseLong(shard.group(2))
                                + " shards, found "
                                + shards);
            }
        }
    }
}
