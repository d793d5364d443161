package org.diagonal.eval.trial;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A job's share of the trials: every N-th, from the i-th on.
 *
 * @param index i, from 1
 * @param count N
 */
public record Shard(int index, int count) {

    /** All trials. */
    public static final Shard WHOLE = new Shard(1, 1);

    private static final Pattern WORDS = Pattern.compile("([0-9]{1,6})/([0-9]{1,6})");

    /** Refuses a share that is none. */
    public Shard {
        if (count < 1 || index < 1 || index > count) {
            throw new IllegalArgumentException(
                    "a shard is i/N with i from 1 to N, found %d/%d".formatted(index, count));
        }
    }

    /**
     * Reads {@code i/N}.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static Shard parse(String words) {
        Matcher matcher = WORDS.matcher(words);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a shard is i/N with i from 1 to N, found " + words);
        }
        return new Shard(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** This job's trials, in their order. */
    public List<Trial> of(List<Trial> trials) {
        List<Trial> mine = new ArrayList<>();
        for (int i = index - 1; i < trials.size(); i += count) {
            mine.add(trials.get(i));
        }
        return mine;
    }

    /** {@code i/N}. */
    @Override
    public String toString() {
        return index + "/" + count;
    }
}
