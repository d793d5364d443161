package org.diagonal.eval.measure.perplexity;

/** A text has no target by the protocol that was asked for. */
public final class TooShortException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    TooShortException(String message) {
        super(message);
    }
}
