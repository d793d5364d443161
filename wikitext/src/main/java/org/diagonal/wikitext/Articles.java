package org.diagonal.wikitext;

/**
 * Finds where articles begin, line by line. WikiText's begin at a heading of level one, as the
 * document-level data set of lm-evaluation-harness has it; blank text before the first heading
 * belongs to the first article.
 */
final class Articles {

    private final Corpus.Layout layout;
    private boolean open;
    private boolean blank = true;

    Articles(Corpus.Layout layout) {
        this.layout = layout;
    }

    /** Whether a new article begins at this line, the one after those asked before. */
    boolean begins(String line) {
        boolean begins =
                switch (layout) {
                    case WIKITEXT -> !open || (!blank && isHeading(line));
                    case PLAIN -> !open;
                    case ARTICLES, IDS -> true;
                };
        open = true;
        blank = blank && Whitespace.isBlank(line);
        return begins;
    }

    /** Whether a line is {@code = Title =}; deeper ones have their signs in groups. */
    static boolean isHeading(String line) {
        int first = Whitespace.skip(line, 0, line.length());
        if (first == line.length() || line.charAt(first) != '=') {
            return false;
        }
        String grouped = Whitespace.strip(line.replace("= = =", "===").replace("= =", "=="));
        return grouped.startsWith("= ") && grouped.endsWith(" =");
    }
}
