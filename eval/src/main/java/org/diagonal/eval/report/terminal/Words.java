package org.diagonal.eval.report.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Numbers with their nouns, and words in lines. */
public final class Words {

    private Words() {}

    /** A count with its noun, which takes an s in the plural. */
    public static String count(long number, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
    }

    /** Lines of at most so many characters, where no word is longer. */
    public static List<String> wrapped(String words, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : words.split(" ", -1)) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
