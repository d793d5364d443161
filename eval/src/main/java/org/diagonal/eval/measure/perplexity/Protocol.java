package org.diagonal.eval.measure.perplexity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How a text becomes windows: figures of different protocols are different quantities. */
public enum Protocol {
    /** Overlapping windows over the joined text, as on Hugging Face's page on perplexity. */
    HF_STRIDED("hf-strided"),
    /** Disjoint blocks over rows, as Hugging Face's {@code run_clm.py} evaluates. */
    RUN_CLM("run-clm"),
    /** Every document from its first id on, as lm-evaluation-harness's rolling likelihood. */
    LM_EVAL("lm-eval");

    private final String name;

    Protocol(String name) {
        this.name = name;
    }

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
