package org.diagonal.eval.measure.perplexity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.diagonal.wikitext.Document;
import org.diagonal.wikitext.Tokens;

/** How a text becomes windows: figures of different protocols are different quantities. */
public enum Protocol {
    /** Overlapping windows over the joined text, as on Hugging Face's page on perplexity. */
    HF_STRIDED("hf-strided") {
        @Override
        public Windows cut(Text text, int blockSize, Optional<Integer> stride) throws IOException {
            return new HfStrided(text.joined(), blockSize, stride.orElse(blockSize));
        }
    },
    /** Disjoint blocks over rows, as Hugging Face's {@code run_clm.py} evaluates. */
    RUN_CLM("run-clm") {
        @Override
        public Windows cut(Text text, int blockSize, Optional<Integer> stride) throws IOException {
            return new RunClm(text.rows(), blockSize);
        }
    },
    /** Every document from its first id on, as lm-evaluation-harness's rolling likelihood. */
    LM_EVAL("lm-eval") {
        @Override
        public Windows cut(Text text, int blockSize, Optional<Integer> stride) throws IOException {
            return new LmEval(text.documents(), blockSize, text.endOfText());
        }
    };

    /** A text, tokenized in the ways in which protocols read it. */
    public interface Text {

        /** The ids of the rows, joined and tokenized as one. */
        Tokens joined() throws IOException;

        /** The ids of the rows, tokenized one by one. */
        Tokens rows() throws IOException;

        /** One document an article. */
        List<Document> documents() throws IOException;

        /**
         * The id that stands before a document.
         *
         * @throws IllegalArgumentException if the model has none
         */
        int endOfText();
    }

    private final String name;

    Protocol(String name) {
        this.name = name;
    }

    /**
     * Cuts a text into windows.
     *
     * @param stride for the protocol that has such a setting
     * @throws TooShortException if it has no target
     */
    public abstract Windows cut(Text text, int blockSize, Optional<Integer> stride)
            throws IOException;

    /** The name on the command line and in files. */
    @JsonValue
    @Override
    public String toString() {
        return name;
    }

    /**
     * The protocol of a name.
     *
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    @JsonCreator
    public static Protocol parse(String name) {
        for (Protocol protocol : values()) {
            if (protocol.name.equals(name)) {
                return protocol;
            }
        }
        String known =
                Arrays.stream(values()).map(Protocol::toString).collect(Collectors.joining(", "));
        throw new IllegalArgumentException(
                "unknown protocol '%s'; known are %s".formatted(name, known));
    }

    /**
     * Checks a block size against a model, so that it can be done before any text is read.
     *
     * @throws IllegalArgumentException if it is not from 2 to the context length
     */
    public static void requireBlockSize(int blockSize, int contextLength) {
        requireBlockSize(blockSize);
        if (blockSize > contextLength) {
            throw new IllegalArgumentException(
                    "block size must not exceed the model's context: block_size=%d, context=%d"
                            .formatted(blockSize, contextLength));
        }
    }

    /**
     * Checks a stride, so that it can be done before any text is read.
     *
     * @throws IllegalArgumentException if it is not from 1 to the block size
     */
    public static void requireStride(int stride, int blockSize) {
        if (stride < 1 || stride > blockSize) {
            throw new IllegalArgumentException(
                    "stride must be from 1 to the block size: stride=%d, block_size=%d"
                            .formatted(stride, blockSize));
        }
    }

    static void requireBlockSize(int blockSize) {
        if (blockSize < 2) {
            throw new IllegalArgumentException(
                    "block size must be at least 2: block_size=" + blockSize);
        }
    }
}
