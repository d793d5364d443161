package org.diagonal.wikitext;

import java.io.IOException;

/** Takes the ids of a text in order, and the places where its articles and rows begin. */
abstract sealed class TokenSink permits TokenSink.InMemory, TokenFile.Writer {

    final IntList rowStarts = new IntList();
    final IntList articleStarts = new IntList();
    private int size;

    /** An article begins here; before its first row. */
    final void article() {
        articleStarts.add(size);
    }

    /** A row begins here. */
    final void row() {
        rowStarts.add(size);
    }

    /** The ids from {@code from} to {@code to} of an array come next. */
    final void ids(int[] ids, int from, int to) throws IOException {
        if ((long) size + to - from > TokenFile.MAX_IDS) {
            throw new IllegalArgumentException(
                    "the text has more than the "
                            + TokenFile.MAX_IDS
                            + " tokens that one corpus may have; split it");
        }
        size += to - from;
        write(ids, from, to);
    }

    final void ids(int[] ids) throws IOException {
        ids(ids, 0, ids.length);
    }

    abstract void write(int[] ids, int from, int to) throws IOException;

    /** Keeps the ids on the heap. */
    static final class InMemory extends TokenSink {

        private final IntList all = new IntList();

        @Override
        void write(int[] ids, int from, int to) {
            all.addAll(ids, from, to);
        }

        Tokens tokens() {
            return new Tokens(all.view(), rowStarts.toArray(), articleStarts.toArray());
        }
    }
}
