package org.diagonal.eval.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What lies in the folders that this program fills by itself, all of which can be made again. Files
 * of other names in these folders are not counted and never deleted.
 */
public final class Caches {

    private static final String TOKENS = "([0-9a-f]{64}\\.ids|sha256-[0-9a-f]{64}|.+\\.tmp)";
    private static final String NATIVES = "(pytorch|tokenizers|jna-.+)";

    /**
     * One of them.
     *
     * @param name what users write
     * @param holds what it is
     * @param folder where; it need not be there
     * @param own the names in the folder that are of this program, as a regular expression
     * @param files how many
     * @param bytes of all
     */
    public record Entry(
            String name, String holds, Path folder, String own, long files, long bytes) {}

    private Caches() {}

    /**
     * Every cache, with what lies in it now.
     *
     * @param natives where the engine unpacks its libraries
     */
    public static List<Entry> list(Settings settings, Path natives) throws IOException {
        Path cache = settings.cache();
        Cards cards = Cards.read();
        return List.of(
                entry(
                        "models",
                        "models by name",
                        cache.resolve("models"),
                        own(cards.names(Card.Kind.MODEL))),
                entry(
                        "data",
                        "texts by name",
                        cache.resolve("data"),
                        own(cards.names(Card.Kind.DATA))),
                entry("tokens", "token ids of texts", cache.resolve("tokens"), TOKENS),
                entry("native", "libraries of PyTorch and the tokenizer", natives, NATIVES));
    }

    private static String own(List<String> names) {
        return names.stream().map(Pattern::quote).collect(Collectors.joining("|", "(", ")(-.+)?"));
    }

    private static Entry entry(String name, String holds, Path folder, String own)
            throws IOException {
        long files = 0;
        long bytes = 0;
        for (Path file : all(folder, own)) {
            if (Files.isRegularFile(file)) {
                files++;
                bytes += size(file);
            }
        }
        return new Entry(name, holds, folder, own, files, bytes);
    }

    /** What is this program's in a folder, with all below it, folders before what is in them. */
    private static List<Path> all(Path folder, String own) throws IOException {
        List<Path> all = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return all;
        }
        try (Stream<Path> children = Files.list(folder)) {
            for (Path child : children.toList()) {
                if (child.getFileName().toString().matches(own)) {
                    try (Stream<Path> below = Files.walk(child)) {
                        below.forEach(all::add);
                    }
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return all;
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0; // another process has just removed it
        }
    }

    /** Deletes all that is counted in an entry; links are removed, not followed. */
    public static void clear(Entry entry) throws IOException {
        List<Path> all = new ArrayList<>(all(entry.folder(), entry.own()));
        all.sort(Comparator.reverseOrder());
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
