package org.diagonal.templates.task;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.DamerauLevenshteinDistance;

/** Suggests what somebody may have meant by an unknown name. */
public final class Nearest {

    /** Letters to insert, delete or replace, and neighbours to swap. */
    private static final DamerauLevenshteinDistance EDITS = new DamerauLevenshteinDistance();

    private Nearest() {}

    /** {@code unknown WHAT "name"}, then {@link #question}, then all known names. */
    public static String message(String what, String name, Collection<String> known) {
        return "unknown %s %s%s (known: %s)"
                .formatted(what, Quoted.of(name), question(name, known), String.join(", ", known));
    }

    /** The suggestion as the end of a message; empty if there is none. */
    public static String question(String name, Collection<String> known) {
        return of(name, known).map(guess -> "; did you mean " + guess + "?").orElse("");
    }

    /**
     * The known name with the fewest edits, if those are few enough for a typing error. Letter
     * case, underscores and the dashes of options do not count.
     */
    public static Optional<String> of(String name, Collection<String> known) {
        String wanted = plain(name);
        return known.stream()
                .filter(candidate -> edits(wanted, candidate) <= allowed(wanted, plain(candidate)))
                .min(
                        Comparator.<String>comparingInt(candidate -> edits(wanted, candidate))
                                .thenComparing(Comparator.naturalOrder()));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT)
                .replace('_', '-')
                .replace('/', '-')
                .replaceFirst("^-+(no-)?", "");
    }

    private static int edits(String wanted, String candidate) {
        return EDITS.apply(wanted, plain(candidate));
    }

    /** A third of the longer name, or all that is missing from its end. */
    private static int allowed(String wanted, String candidate) {
        boolean beginning = wanted.length() >= 2 && candidate.startsWith(wanted);
        return beginning
                ? candidate.length() - wanted.length()
                : Math.max(wanted.length(), candidate.length()) / 3;
    }
}
