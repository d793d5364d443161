package org.diagonal.templates.template;

/**
 * A label that is a number.
 *
 * @param value finite
 */
public record Real(double value) implements Label {

    /** Checks that the value is finite. */
    public Real {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("a real label must be finite: " + value);
        }
    }

    /** The shortest decimal of the value, whole numbers without a fraction. */
    @Override
    public String toString() {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
        return whole ? Long.toString((long) value) : Double.toString(value);
    }
}
