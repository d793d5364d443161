package org.diagonal.eval.measure.perplexity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.diagonal.eval.record.Form;

/**
 * One measurement with all that it depends on, and the parts that pair it with another one.
 *
 * @param protocol how the text became windows
 * @param blockSize the most ids a window spans
 * @param stride present for {@code hf-strided} only
 * @param tokens ids in the text, scored or not
 * @param provenance text, tokenizer and model
 * @param seconds wall-clock time
 * @param wordPerplexity exp(Σ nats / words of the original text), where defined
 * @param bytePerplexity exp(Σ nats / UTF-8 bytes of the original text), where defined
 * @param bitsPerByte Σ nats / (bytes · ln 2), where defined
 * @param huggingfacePagePerplexity for {@code hf-strided} only: Hugging Face's page weights a
 *     window's mean by one target less than it scores, except the first window
 * @param articles nats and targets of every article, those without a target too
 * @param segments the same text in at most 200 consecutive runs of windows; a text with less than
 *     30 windows has each cut into consecutive runs of targets
 */
public record Evaluation(
        Protocol protocol,
        int blockSize,
        OptionalInt stride,
        long tokens,
        Provenance provenance,
        double seconds,
        OptionalDouble wordPerplexity,
        OptionalDouble bytePerplexity,
        OptionalDouble bitsPerByte,
        OptionalDouble huggingfacePagePerplexity,
        List<Part> articles,
        List<Part> segments) {

    /** The form of a file, in lines: in snake case, what is not defined absent. */
    public static final Form<Evaluation> FORM =
            Form.of("evaluation.json", Evaluation.class, 1, Map.of()).inLines();

    private static final double HUGE = 1e100;

    /** Refuses parts that contradict one another, and a perplexity beyond double. */
    public Evaluation {
        articles = List.copyOf(articles);
        segments = List.copyOf(segments);
        Protocol.requireBlockSize(blockSize);
        requireStride(protocol, blockSize, stride);
        if (huggingfacePagePerplexity.isPresent() && protocol != Protocol.HF_STRIDED) {
            throw new IllegalArgumentException(
                    "huggingface_page_perplexity belongs to hf-strided alone: protocol="
                            + protocol);
        }
        requireNumber("seconds", seconds);
        requireNumber("word_perplexity", wordPerplexity.orElse(0));
        requireNumber("byte_perplexity", bytePerplexity.orElse(0));
        requireNumber("bits_per_byte", bitsPerByte.orElse(0));
        requireNumber("huggingface_page_perplexity", huggingfacePagePerplexity.orElse(0));
        requireParts(articles, segments, tokens);
    }

    /** The number of articles, those without a target included. */
    public int documents() {
        return articles.size();
    }

    /** The number N of targets scored. */
    public long targets() {
        return sumTargets(articles);
    }

    /** Σ nats over all targets. */
    public double nats() {
        return sumNats(articles);
    }

    /**
     * Whether the text has words that count: in that protocol alone a word perplexity is defined.
     */
    public boolean hasWords() {
        return protocol == Protocol.LM_EVAL;
    }

    /** Whether the text has bytes that count, so that a byte perplexity is defined. */
    public boolean hasBytes() {
        return bitsPerByte.isPresent();
    }

    /**
     * Whether a perplexity by Hugging Face's weights is defined, if only beyond a double; a text of
     * a few targets has none.
     */
    public boolean hasPagePerplexity() {
        return huggingfacePagePerplexity.isPresent()
                || (protocol == Protocol.HF_STRIDED && perplexity() > HUGE);
    }

    /** exp(Σ nats / N). */
    public double perplexity() {
        return StrictMath.exp(nats() / targets()); // the same bits on every machine
    }

    @JsonValue
    EvaluationKeys keys() {
        return EvaluationKeys.of(this);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Evaluation of(EvaluationKeys keys) {
        return keys.evaluation();
    }

    private static void requireStride(Protocol protocol, int blockSize, OptionalInt stride) {
        if (stride.isPresent() != (protocol == Protocol.HF_STRIDED)) {
            throw new IllegalArgumentException(
                    "a stride belongs to hf-strided alone: protocol=%s, stride=%s"
                            .formatted(protocol, stride));
        }
        if (stride.isPresent()) {
            Protocol.requireStride(stride.getAsInt(), blockSize);
        }
    }

    private static void requireParts(List<Part> articles, List<Part> segments, long tokens) {
        long targets = sumTargets(articles);
        if (targets < 1 || targets > tokens || targets != sumTargets(segments)) {
            throw new IllegalArgumentException(
                    "targets must be from 1 to tokens and equal in both partitions: articles=%d, segments=%d, tokens=%d"
                            .formatted(targets, sumTargets(segments), tokens));
        }
        double nats = sumNats(articles);
        if (Math.abs(nats - sumNats(segments)) > 1e-9 * Math.max(1, Math.abs(nats))) {
            throw new IllegalArgumentException(
                    "nats must be equal in both partitions: articles=%s, segments=%s"
                            .formatted(nats, sumNats(segments)));
        }
        if (!Double.isFinite(StrictMath.exp(nats / targets))) {
            throw new IllegalArgumentException(
                    "the perplexity is beyond double: nats=%s, targets=%d"
                            .formatted(nats, targets));
        }
    }

    private static void requireNumber(String field, double value) {
        if (!Double.isFinite(value) || value < 0) {
            throw new IllegalArgumentException(
                    field + " must be finite and not negative: " + value);
        }
    }

    private static long sumTargets(List<Part> parts) {
        return parts.stream().mapToLong(Part::targets).sum();
    }

    private static double sumNats(List<Part> parts) {
        double sum = 0;
        for (Part part : parts) {
            sum += part.nats();
        }
        return sum;
    }
}
