package org.diagonal.wikitext.rows;

import java.util.List;

/** Lines that are in memory already. */
public final class ListLines implements Lines {

    private final List<String> all;
    private int next;

    public ListLines(List<String> all) {
        this.all = all;
    }

    @Override
    public boolean next() {
        if (next == all.size()) {
            return false;
        }
        next++;
        return true;
    }

    @Override
    public String line() {
        return all.get(next - 1);
    }

    @Override
    public long done() {
        return next;
    }

    @Override
    public void close() {}
}
