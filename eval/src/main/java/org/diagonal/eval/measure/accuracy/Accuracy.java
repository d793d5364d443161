package org.diagonal.eval.measure.accuracy;

import java.util.ArrayList;
import java.util.List;
import org.diagonal.eval.measure.statistics.Proportion;

/**
 * Which samples were answered rightly, in the order of the samples.
 *
 * @param correct one a sample, at least one
 */
public record Accuracy(List<Boolean> correct) {

    /** Copies the list, and refuses an empty one. */
    public Accuracy {
        correct = List.copyOf(correct);
        if (correct.isEmpty()) {
            throw new IllegalArgumentException("an accuracy needs at least one sample");
        }
    }

    /**
     * Reads what {@link #bits()} wrote.
     *
     * @throws IllegalArgumentException if there is anything but zeros and ones, or nothing
     */
    public static Accuracy ofBits(String bits) {
        List<Boolean> correct = new ArrayList<>(bits.length());
        for (int i = 0; i < bits.length(); i++) {
            char bit = bits.charAt(i);
            if (bit != '0' && bit != '1') {
                throw new IllegalArgumentException(
                        "correct samples are ones and the others zeros: found '%c' at %d"
                                .formatted(bit, i));
            }
            correct.add(bit == '1');
        }
        return new Accuracy(correct);
    }

    /** A {@code 1} for every sample answered rightly, a {@code 0} for the others. */
    public String bits() {
        StringBuilder bits = new StringBuilder(correct.size());
        correct.forEach(right -> bits.append(right ? '1' : '0'));
        return bits.toString();
    }

    /** The share of right answers. */
    public Proportion proportion() {
        return new Proportion(correct.stream().filter(right -> right).count(), correct.size());
    }
}
