package org.diagonal.eval.hub;

import java.util.Collection;
import java.util.Comparator;
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

    /** The guess as the end of a message; empty if there is none. */
    public static String question(String name, Collection<String> known) {
        return of(name, known).map(guess -> "; did you mean " + guess + "?").orElse("");
    }

    /**
     * The known name with the fewest edits, if those are few enough to be a typing error. Letter
     * case, underscores and the dashes of options do not count.
     */
    public static Optional<String> of(String name, Collection<String> known) {
        String wanted = plain(name);
        return known.stream()
                .filter(candidate -> edits(wanted, plain(candidate)) <= allowed(wanted, candidate))
                .min(
                        Comparator.<String>comparingInt(
                                        candidate -> edits(wanted, plain(candidate)))
                                .thenComparing(Comparator.naturalOrder()));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-').replaceFirst("^-+(no-)?", "");
    }

    /** A third of the longer name, or all that is missing from its end. */
    private static int allowed(String wanted, String candidate) {
        String plain = plain(candidate);
        boolean beginning = wanted.length() >= 2 && plain.startsWith(wanted);
        return beginning
                ? plain.length() - wanted.length()
                : Math.max(wanted.length(), plain.length()) / 3;
    }

    /** Damerau-Levenshtein distance: insert, delete, replace, or swap two neighbours. */
    private static int edits(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(a, b, cost, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int cheapest(String a, String b, int[][] cost, int i, int j) {
        int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped =
                i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
