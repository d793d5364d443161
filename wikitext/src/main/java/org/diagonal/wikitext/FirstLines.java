package org.diagonal.wikitext;

import java.io.IOException;
import org.diagonal.wikitext.rows.Lines;

/** The lines of the first documents of a text; of a text that is one document, its first lines. */
final class FirstLines implements Lines {

    private final Lines all;
    private final Articles articles;
    private final boolean byLine;
    private final long most;
    private long begun;

    FirstLines(Lines all, Corpus.Layout layout, long most) {
        this.all = all;
        this.articles = new Articles(layout);
        this.byLine = layout == Corpus.Layout.PLAIN;
        this.most = most;
    }

    @Override
    public boolean next() throws IOException {
        if (begun > most || !all.next()) {
            return false;
        }
        begun += byLine || articles.begins(all.line()) ? 1 : 0;
        return begun <= most;
    }

    @Override
    public String line() {
        return all.line();
    }

    @Override
    public long done() {
        return all.done();
    }

    @Override
    public void close() throws IOException {
        all.close();
    }
}
