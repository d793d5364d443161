package org.diagonal.eval.report;

import java.util.Locale;

/** Numbers with their nouns. */
final class Words {

    private Words() {}

    /** A count with its noun, which takes an s in the plural. */
    static String count(long number, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
    }
}
