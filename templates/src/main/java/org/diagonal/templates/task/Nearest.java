package org.diagonal.templates.task;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Messages for names that nobody knows. */
public final class Nearest {

    private Nearest() {}

    /** {@code unknown WHAT "name"}, the nearest known name if one is near, and all known ones. */
    public static String message(String what, String name, Collection<String> known) {
        String hint = of(name, known).map(near -> ", did you mean " + near + "?").orElse("");
        return "unknown %s %s%s (known: %s)"
                .formatted(what, Quoted.of(name), hint, String.join(", ", known));
    }

    /** The known name with the fewest edits, if these are at most a third of its letters. */
    static Optional<String> of(String name, Collection<String> known) {
        String wanted = plain(name);
        return known.stream()
                .filter(candidate -> edits(wanted, plain(candidate)) <= candidate.length() / 3)
                .min(Comparator.comparingInt(candidate -> edits(wanted, plain(candidate))));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-').replace('/', '-');
    }

    /** Levenshtein distance: letters to insert, delete or replace. */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
