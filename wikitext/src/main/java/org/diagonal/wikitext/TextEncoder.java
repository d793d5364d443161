package org.diagonal.wikitext;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * How text becomes the token ids of one model: its tokenizer, and the size of its vocabulary, which
 * no id may reach. A model without a tokenizer can be given ids only.
 *
 * <p>The tokenizer stays the caller's, who closes it after the last use of this. Safe for many
 * threads, as the tokenizer is.
 */
public final class TextEncoder {

    // A text of more characters would need many gigabytes of native memory as one piece.
    static final int MAX_CHARACTERS = 1 << 26;

    private static final int PIECE = 1 << 16; // characters
    private static final int GROUP = 16; // pieces that all cores share

    private static final String PROBE = "A \u00C9 z\n\n";

    private final Optional<HuggingFaceTokenizer> tokenizer;
    private final String sha256;
    private final int vocabulary;
    private final BooleanSupplier cutsAtSpaces;

    private TextEncoder(
            Optional<HuggingFaceTokenizer> tokenizer,
            String sha256,
            int vocabulary,
            BooleanSupplier cutsAtSpaces) {
        if (vocabulary < 1) {
            throw new IllegalArgumentException("vocabulary must be positive: " + vocabulary);
        }
        this.tokenizer = tokenizer;
        this.cutsAtSpaces = cutsAtSpaces;
        this.sha256 = sha256;
        this.vocabulary = vocabulary;
    }

    /**
     * An encoder with a tokenizer, which must neither truncate nor pad.
     *
     * @param sha256 what identifies the tokenizer in caches and reports: the SHA-256 of its file
     * @param vocabulary the number of ids that the model knows
     * @throws IllegalArgumentException if the tokenizer truncates, pads or changes case on its own
     */
    public static TextEncoder of(HuggingFaceTokenizer tokenizer, String sha256, int vocabulary) {
        return of(tokenizer, sha256, vocabulary, () -> false);
    }

    /**
     * The same for a tokenizer that may be known to give no token on both sides of a single space
     * between words: long lines are then cut there, which takes a fraction of the memory.
     *
     * @param cutsAtSpaces asked once, with the first long text
     */
    public static TextEncoder of(
            HuggingFaceTokenizer tokenizer,
            String sha256,
            int vocabulary,
            BooleanSupplier cutsAtSpaces) {
        TextEncoder encoder =
                new TextEncoder(Optional.of(tokenizer), sha256, vocabulary, cutsAtSpaces);
        if (!"DO_NOT_TRUNCATE".equals(tokenizer.getTruncation())
                || !"DO_NOT_PAD".equals(tokenizer.getPadding())) {
            throw new IllegalArgumentException(
                    "the tokenizer must neither truncate nor pad: truncation="
                            + tokenizer.getTruncation()
                            + ", padding="
                            + tokenizer.getPadding());
        }
        long[] expected = tokenizer.encode(PROBE, false, false).getIds();
        if (!Arrays.equals(expected, nativeIds(tokenizer, List.of(PROBE))[0])) {
            throw new IllegalArgumentException(
                    "the tokenizer changes case outside of its file, which is not supported");
        }
        return encoder;
    }

    /** An encoder for a model that has no tokenizer: text is refused, ids are checked. */
    public static TextEncoder idsOnly(int vocabulary) {
        return new TextEncoder(Optional.empty(), "none", vocabulary, () -> false);
    }

    /** What identifies the tokenizer; {@code none} where there is none. */
    public String sha256() {
        return sha256;
    }

    /** The number of ids that the model knows; ids run from 0 to one less. */
    public int vocabulary() {
        return vocabulary;
    }

    /**
     * The ids of each text on its own, without special tokens.
     *
     * @throws IllegalArgumentException if there is no tokenizer, an id lies outside the vocabulary,
     *     or a text is longer than {@value #MAX_CHARACTERS} characters
     */
    public int[][] encode(List<String> texts) {
        texts.forEach(text -> checkLength(text.length()));
        if (texts.stream().anyMatch(text -> text.length() > 2 * PIECE)
                && cutsAtSpaces.getAsBoolean()) {
            return texts.stream().map(this::encodeInPieces).toArray(int[][]::new);
        }
        long[][] ids = nativeIds(required(), texts);
        int[][] checked = new int[ids.length][];
        for (int i = 0; i < ids.length; i++) {
            checked[i] = checked(ids[i]);
        }
        return checked;
    }

    private int[] encodeInPieces(String text) {
        IntList ids = new IntList();
        List<String> group = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int to = cut(text, from);
            group.add(text.substring(from, to));
            from = to;
            if (group.size() == GROUP || from == text.length()) {
                for (long[] piece : nativeIds(required(), group)) {
                    for (long id : piece) {
                        ids.add(checked(id));
                    }
                }
                group.clear();
            }
        }
        return ids.toArray();
    }

    /** The next single space between words, from a piece's length on, or the end. */
    private static int cut(String text, int from) {
        for (int at = from + PIECE; at < text.length() - 1; at++) {
            if (text.charAt(at) == ' '
                    && !isSpace(text.charAt(at - 1))
                    && !isSpace(text.charAt(at + 1))) {
                return at;
            }
        }
        return text.length();
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c);
    }

    /** One text as one piece. */
    Whole encodeWhole(String text) {
        checkLength(text.length());
        TokenizersLibrary library = TokenizersLibrary.LIB;
        long encoding = library.encode(required().getHandle(), text, false);
        try {
            CharSpan[] spans = library.getTokenCharSpans(encoding);
            int[] ends = new int[spans.length];
            for (int i = 0; i < spans.length; i++) {
                ends[i] = spans[i] == null ? 0 : spans[i].getEnd();
            }
            return new Whole(checked(library.getTokenIds(encoding)), ends);
        } finally {
            library.deleteEncoding(encoding);
        }
    }

    static void checkLength(long characters) {
        if (characters > MAX_CHARACTERS) {
            throw new IllegalArgumentException(
                    "a text of more than "
                            + MAX_CHARACTERS
                            + " characters cannot be tokenized as one piece; cut it into rows");
        }
    }

    private HuggingFaceTokenizer required() {
        return tokenizer.orElseThrow(
                () ->
                        new IllegalArgumentException(
                                "the model has no tokenizer for text: give the data as"
                                        + " *.ids.jsonl, one JSON array of token ids a line"));
    }

    private int[] checked(long[] ids) {
        int[] checked = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            checked[i] = checked(ids[i]);
        }
        return checked;
    }

    /** The id, if the vocabulary has it. */
    int checked(long id) {
        if (id < 0 || id >= vocabulary) {
            throw new IllegalArgumentException(
                    "token id " + id + " is outside the vocabulary of " + vocabulary);
        }
        return (int) id;
    }

    // DJL's batchEncode makes strings and spans of every token: four times slower than ids alone.
    private static long[][] nativeIds(HuggingFaceTokenizer tokenizer, List<String> texts) {
        TokenizersLibrary library = TokenizersLibrary.LIB;
        long[] encodings =
                library.batchEncode(tokenizer.getHandle(), texts.toArray(new String[0]), false);
        long[][] ids = new long[encodings.length][];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = library.getTokenIds(encodings[i]);
            library.deleteEncoding(encodings[i]);
        }
        return ids;
    }

    /** The ids of one text, and where each token ends in it, in code points. */
    static final class Whole {
        final int[] ids;
        final int[] ends;

        Whole(int[] ids, int[] ends) {
            this.ids = ids;
            this.ends = ends;
        }
    }
}
