package org.diagonal.wikitext;

import java.util.List;

/** Lines that are in memory already. */
final class ListLines implements Lines {

    private final List<String> all;
    private int next;

    ListLines(List<String> all) {
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
