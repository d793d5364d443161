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

    /** Letters to insert, delete or replace, and neighbours to swap. */
    private static int edits(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                cost[i][j] = i * j == 0 ? i + j : cheapest(from, to, cost, i, j);
            }
        }
        return cost[from.length()][to.length()];
    }

    private static int cheapest(String from, String to, int[][] cost, int i, int j) {
        char last = from.charAt(i - 1);
        char wanted = to.charAt(j - 1);
        int replaced = cost[i - 1][j - 1] + (last == wanted ? 0 : 1);
        int shifted = Math.min(cost[i - 1][j], cost[i][j - 1]) + 1;
        boolean crossed =
                i > 1 && j > 1 && last == to.charAt(j - 2) && from.charAt(i - 2) == wanted;
        int swapped = crossed ? cost[i - 2][j - 2] + 1 : replaced;
        return Math.min(swapped, Math.min(replaced, shifted));
    }
}
