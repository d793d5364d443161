package org.diagonal.eval.measure.statistics;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * A 95 % interval.
 *
 * @param low its lower end
 * @param high its upper end
 */
public record Interval(double low, double high) {

    /** Refuses ends that are no numbers or in the wrong order. */
    public Interval {
        if (!(low <= high)) {
            throw new IllegalArgumentException(
                    "an interval needs two numbers in order: [%s, %s]".formatted(low, high));
        }
    }

    /** An interval as files hold it: its two ends in an array. */
    @JsonCreator
    static Interval of(List<Double> ends) {
        if (ends.size() != 2) {
            throw new IllegalArgumentException("an interval has two ends: found " + ends.size());
        }
        return new Interval(ends.get(0), ends.get(1));
    }

    /** Both ends, the lower one first. */
    @JsonValue
    List<Double> ends() {
        return List.of(low, high);
    }

    /** The interval of this half width around a value. */
    static Interval around(double value, double half) {
        return new Interval(value - half, value + half);
    }

    /** Whether a value lies in it, its ends included. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    /** Both ends through a function that rises. */
    public Interval map(DoubleUnaryOperator rising) {
        return new Interval(rising.applyAsDouble(low), rising.applyAsDouble(high));
    }
}
