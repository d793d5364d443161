package org.diagonal.eval.measure;

/** A model gave nats or a perplexity that is no number: its weights are unusable. */
public final class NotFiniteException extends ArithmeticException {

    private static final long serialVersionUID = 1L;

    public NotFiniteException(String message) {
        super(message);
    }
}
