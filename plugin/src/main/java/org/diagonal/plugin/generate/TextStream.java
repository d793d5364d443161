package org.diagonal.plugin.generate;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.util.stream.LongStream;

/**
 * Turns ids into text as they come. A symbol whose bytes are spread over several ids comes when the
 * last of them is there, and never comes if the text ends before; special tokens are left out.
 *
 * <p>Ids are decoded together with those before them, since a tokenizer may put a space between
 * two, but with no more of them than the last that ended with a whole symbol.
 */
public final class TextStream {

    /** Where a decoder puts it last, the bytes of a symbol may not be all there. */
    private static final String INCOMPLETE = "\uFFFD";

    private final HuggingFaceTokenizer tokenizer;
    private long[] before; // whole symbols, given out
    private long[] since = {};
    private int given; // characters of the text of both

    /**
     * A stream behind a prompt.
     *
     * @param tokenizer stays the caller's
     * @param prompt ids whose text is known already
     */
    public TextStream(HuggingFaceTokenizer tokenizer, long... prompt) {
        this.tokenizer = tokenizer;
        this.before = prompt.clone();
        this.given = decode(before).length();
    }

    /** The text that a further id completes; empty while a symbol lacks bytes. */
    public String add(long id) {
        since = LongStream.concat(LongStream.of(since), LongStream.of(id)).toArray();
        String text =
                decode(LongStream.concat(LongStream.of(before), LongStream.of(since)).toArray());
        boolean isWhole = !text.endsWith(INCOMPLETE);
        int end = isWhole ? text.length() : text.length() - INCOMPLETE.length();
        if (end <= given) {
            return "";
        }
        String more = text.substring(given, end);
        given = end;
        if (isWhole) {
            before = since;
            since = new long[0];
            given = decode(before).length();
        }
        return more;
    }

    private String decode(long[] ids) {
        return ids.length == 0 ? "" : tokenizer.decode(ids, true);
    }
}
