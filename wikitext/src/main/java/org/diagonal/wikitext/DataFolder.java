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
 * A folder that holds the splits of a data set: {@code train}, {@code validation} (or {@code
 * valid}) and {@code test}, each a file of any format that {@link Corpus} reads, such as {@code
 * train.jsonl.gz}, or shards such as {@code train-00000-of-00002.parquet}; or {@code
 * wiki.train.raw} and its like.
 */
public final class DataFolder {

    private static final List<String> PREFIXES = List.of("wiki.%s.raw", "wiki.%s.tokens");
    private static final List<String> ENDS =
            List.of(
                    ".txt",
                    ".jsonl",
                    ".json",
                    ".csv",
                    ".tsv",
                    ".parquet",
                    ".raw",
                    ".tokens",
                    ".ids.jsonl");
    private static final List<String> PACKED = List.of("", ".gz", ".zst");
    private static final Pattern SHARD = Pattern.compile("-(\\d{1,9})-of-(\\d{1,9})(\\.[a-z.]+)$");

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
        List<String> shards = new ArrayList<>();
        for (String name : split.names()) {
            forms(name)
                    .filter(form -> Files.isRegularFile(folder.resolve(form)))
                    .forEach(names::add);
            shards.addAll(shards(name));
        }
        if (names.isEmpty() && shards.isEmpty()) {
            throw new NoSuchFileException(
                    folder.toString(), null, "no file of the split " + split + lookedFor(split));
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

    /** The names that a file of a split may have. */
    private static Stream<String> forms(String split) {
        return Stream.concat(
                        PREFIXES.stream().map(form -> String.format(form, split)),
                        ENDS.stream().map(end -> split + end))
                .flatMap(name -> PACKED.stream().map(name::concat));
    }

    private static String lookedFor(Split split) {
        List<String> names = new ArrayList<>();
        for (String name : split.names()) {
            PREFIXES.forEach(form -> names.add(String.format(form, name)));
            ENDS.forEach(end -> names.add(name + end));
            names.add(name + "-*.parquet");
        }
        return "; looked for " + String.join(", ", names) + ", also with .gz or .zst";
    }

    private List<String> shards(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith(name + "-") && isShard(file))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isShard(String file) {
        return ENDS.stream()
                .flatMap(end -> PACKED.stream().map(end::concat))
                .anyMatch(file::endsWith);
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
