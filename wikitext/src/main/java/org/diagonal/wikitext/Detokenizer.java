package org.diagonal.wikitext;

import java.util.regex.Pattern;

/**
 * WikiText's spaced tokens back to prose, by the rules of lm-evaluation-harness' {@code wikitext}
 * task, its odd ones included: published word perplexities rest on exactly these.
 */
final class Detokenizer {

    private static final Pattern SLASHED_DIGIT = Pattern.compile("/' [0-9]/");

    private Detokenizer() {}

    static String detokenize(String page) {
        String text = page.replace("s '", "s'");
        // The harness has a pattern where a replacement should be; it stays literal text.
        text = SLASHED_DIGIT.matcher(text).replaceAll("/'[0-9]/");
        text = text.replace(" @-@ ", "-").replace(" @,@ ", ",").replace(" @.@ ", ".");
        for (String mark : new String[] {":", ";", ".", "!", "?", ","}) {
            text = text.replace(" " + mark + " ", mark + " ");
        }
        text = tighten(text, '(', ')');
        text = tighten(text, '[', ']');
        text = tighten(text, '{', '}');
        text = tighten(text, '"', '"');
        text = tighten(text, '\'', '\'');
        text = text.replace("= = = =", "====").replace("= = =", "===").replace("= =", "==");
        text = text.replace(" \u00B0 ", "\u00B0");
        text = text.replace(" \n", "\n").replace("\n ", "\n");
        return text.replace(" N ", " 1 ").replace(" 's", "'s");
    }

    /**
     * Takes white space off both inner sides of each pair, from an opening mark to the first
     * closing one after it: what {@code \(\s*([^\)]*?)\s*\)} matches, without its repeated scans.
     */
    private static String tighten(String text, char open, char close) {
        StringBuilder tight = new StringBuilder(text.length());
        int done = 0;
        int from = text.indexOf(open);
        while (from >= 0) {
            int to = text.indexOf(close, from + 1);
            if (to < 0) {
                break;
            }
            int begin = Whitespace.skip(text, from + 1, to);
            tight.append(text, done, from + 1)
                    .append(text, begin, Whitespace.skipBack(text, begin, to))
                    .append(close);
            done = to + 1;
            from = text.indexOf(open, done);
        }
        return done == 0 ? text : tight.append(text, done, text.length()).toString();
    }
}
