package org.diagonal.eval.sweep;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.diagonal.templates.task.Nearest;

/** The paper's figures as sweeps, by name. */
public final class SweepCatalogue {

    private static final List<String> NAMES =
            List.of(
                    "figure-1",
                    "figure-2",
                    "figure-5a",
                    "figure-5b",
                    "figure-8",
                    "figure-9",
                    "figure-10",
                    "figure-11",
                    "figure-12",
                    "figure-13",
                    "figure-14",
                    "figure-15",
                    "figure-16",
                    "figure-17",
                    "figure-18",
                    "figure-19",
                    "figure-20",
                    "figure-21",
                    "figure-22",
                    "figure-22-both",
                    "figure-24",
                    "mimetic");

    /**
     * A line of the list.
     *
     * @param name what users write
     * @param title what the figure shows
     */
    public record Entry(String name, String title) {}

    private SweepCatalogue() {}

    /** All names, with what they show. */
    public static List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String name : NAMES) {
            entries.add(new Entry(name, SweepFile.read(name, SweepScale.FULL).title()));
        }
        return entries;
    }

    /**
     * The text of an entry's file.
     *
     * @throws IllegalArgumentException if there is none, with the nearest and all names
     */
    static String text(String name) throws IOException {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException(
                    Nearest.message("sweep", name, NAMES)
                            + "; a file of your own ends in .yaml or .yml");
        }
        try (InputStream in = SweepCatalogue.class.getResourceAsStream(name + ".yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
