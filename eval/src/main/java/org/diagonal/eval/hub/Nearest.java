package org.diagonal.eval.hub;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody may have meant by a name that is not known. */
public final class Nearest {

    private Nearest() {}

    /** The message for an unknown name, in one line, with the nearest and all known ones. */
    public static String message(String what, String name, Collection<String> known) {
        String hint = of(name, known).map(near -> "; did you mean '" + near + "'?").orElse("");
        return "unknown "
                + what
                + " '"
                + name
                + "'"
                + hint
                + " (known: "
                + String.join(", ", known)
                + ")";
    }

    /**
     * The known name with the fewest edits, letter case ignored; empty when even that one differs
     * in more than two letters and more than a third of the name.
     */
    public static Optional<String> of(String name, Collection<String> known) {
        int limit = Math.max(2, name.length() / 3);
        Optional<String> best = Optional.empty();
        int fewest = limit + 1;
        for (String candidate : known) {
            int edits = edits(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (edits < fewest) {
                fewest = edits;
                best = Optional.of(candidate);
            }
        }
        return best;
    }

    /** Levenshtein's distance. */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
