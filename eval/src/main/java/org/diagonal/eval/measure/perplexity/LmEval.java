package org.diagonal.eval.measure.perplexity;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.diagonal.wikitext.Document;

/**
 * The protocol {@code lm-eval}: every id of every document is scored once, in disjoint runs of N.
 * The first run reads the end-of-text token and then the ids before each target; a later one reads
 * the N ids before its last target, so that a short last run keeps a full context.
 *
 * @param texts one document an article
 * @param blockSize N, at least 2
 * @param endOfText the id that every document's first id is predicted from
 */
public record LmEval(List<Document> texts, int blockSize, int endOfText) implements Windows {

    /** Refuses a block size or an id out of range, and texts without an id, naming the values. */
    public LmEval {
        texts = List.copyOf(texts);
        Protocol.requireBlockSize(blockSize);
        if (endOfText < 0) {
            throw new IllegalArgumentException(
                    "lm-eval needs an end-of-text id of 0 or more: " + endOfText);
        }
        if (texts.stream().noneMatch(text -> text.ids().limit() > 0)) {
            throw new TooShortException(
                    "the text is too short for lm-eval: documents=%d, ids=0, needed=1"
                            .formatted(texts.size()));
        }
    }

    @Override
    public Protocol protocol() {
        return Protocol.LM_EVAL;
    }

    @Override
    public int documents() {
        return texts.size();
    }

    @Override
    public long tokens() {
        return texts.stream().mapToLong(text -> text.ids().limit()).sum();
    }

    @Override
    public long count() {
        return texts.stream().mapToLong(this::runs).sum();
    }

    @Override
    public OptionalLong words() {
        return sum(Document::words);
    }

    @Override
    public OptionalLong bytes() {
        return sum(Document::bytes);
    }

    @Override
    public Iterator<Window> iterator() {
        return IntStream.range(0, texts.size())
                .boxed()
                .flatMap(
                        document ->
                                IntStream.range(0, runs(texts.get(document)))
                                        .mapToObj(run -> new Run(document, run)))
                .map(at -> window(at.document, at.index))
                .iterator();
    }

    /** A run of a document. */
    private record Run(int document, int index) {}

    private int runs(Document text) {
        return (int) (((long) text.ids().limit() + blockSize - 1) / blockSize);
    }

    private Window window(int document, int run) {
        IntBuffer ids = texts.get(document).ids();
        int from = run * blockSize;
        int end = (int) Math.min((long) from + blockSize, ids.limit());
        int begin = run == 0 ? 0 : end - blockSize; // position of the first target, scored or not
        int[] inputIds = new int[end - begin];
        int[] targets = new int[end - begin];
        int[] articles = new int[end - begin];
        for (int t = 0; t < targets.length; t++) {
            int position = begin + t;
            inputIds[t] = position == 0 ? endOfText : ids.get(position - 1);
            targets[t] = position < from ? Window.NOT_SCORED : ids.get(position);
        }
        Arrays.fill(articles, document);
        return new Window(inputIds, targets, articles, end - from);
    }

    private OptionalLong sum(Function<Document, OptionalLong> size) {
        long sum = 0;
        for (Document text : texts) {
            OptionalLong one = size.apply(text);
            if (one.isEmpty()) {
                return one;
            }
            sum += one.getAsLong();
        }
        return OptionalLong.of(sum);
    }
}
