package org.diagonal.eval.measure.perplexity;

import org.diagonal.wikitext.Tokens;

/** Windows over {@link Tokens}: reads ids and tells the article of each. */
sealed interface TokenWindows extends Windows permits HfStrided, RunClm {

    /** The ids of the text. */
    Tokens text();

    /** The articles of the text; one that marks none is one article. */
    @Override
    default int documents() {
        return Math.max(1, text().articles());
    }

    @Override
    default long tokens() {
        return text().size();
    }

    /**
     * The window that reads {@code [begin, end − 1)} and predicts {@code [from, end)}.
     *
     * @param from the first position scored, after begin
     */
    default Window window(int begin, int from, int end, int labels) {
        int[] span = new int[end - begin];
        Tokens text = text();
        text.copy(begin, span);
        int length = span.length - 1;
        int[] inputIds = new int[length];
        int[] targets = new int[length];
        int[] articles = new int[length];
        System.arraycopy(span, 0, inputIds, 0, length);
        int article = text.articleOf(from);
        for (int t = 0; t < length; t++) {
            int position = begin + t + 1; // of the target
            if (position < from) {
                targets[t] = Window.NOT_SCORED;
                continue;
            }
            while (article + 1 < text.articles() && text.articleStart(article + 1) <= position) {
                article++;
            }
            targets[t] = span[t + 1];
            articles[t] = article;
        }
        return new Window(inputIds, targets, articles, labels);
    }
}
