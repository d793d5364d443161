package org.diagonal.eval.kernel.math;

/**
 * A number that points may or may not resolve.
 *
 * @param state what is known of it
 * @param value the number; infinite or NaN where it is not {@link State#RESOLVED}
 * @param error its standard error over shifts of the points
 */
public record Finding(State state, double value, double error) {

    /** What is known of a number. */
    public enum State {
        /** It is far from its own error. */
        RESOLVED,
        /** It is infinite: the kernel cannot tell some templates apart. */
        INFINITE,
        /** The points are too few to tell. */
        NOT_RESOLVED
    }

    /** A number in the range of its points. */
    static Finding of(double value, double error) {
        return new Finding(State.RESOLVED, value, error);
    }

    static Finding infinite() {
        return new Finding(State.INFINITE, Double.POSITIVE_INFINITY, 0);
    }

    static Finding notResolved() {
        return new Finding(State.NOT_RESOLVED, Double.NaN, Double.NaN);
    }

    /** Whether there is a number. */
    public boolean isResolved() {
        return state == State.RESOLVED;
    }
}
