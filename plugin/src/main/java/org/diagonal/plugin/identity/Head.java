package org.diagonal.plugin.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An attention head of a network, written {@code LAYER.HEAD}.
 *
 * @param layer its layer, from 0
 * @param head its number in the layer, from 0
 */
public record Head(int layer, int head) implements Comparable<Head> {

    private static final Pattern NAME = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})");

    private static final Comparator<Head> ORDER =
            Comparator.comparingInt(Head::layer).thenComparingInt(Head::head);

    /** Refuses numbers below 0. */
    public Head {
        if (layer < 0 || head < 0) {
            throw new IllegalArgumentException(
                    "layers and heads count from 0: layer=%d, head=%d".formatted(layer, head));
        }
    }

    /**
     * Reads a name such as {@code 5.1}.
     *
     * @throws IllegalArgumentException naming what was found, if it is not one
     */
    @JsonCreator
    public static Head named(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + name + "' is not a head: layer and head from 0 on, such as 5.1");
        }
        return new Head(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** By layer, then by number. */
    @Override
    public int compareTo(Head other) {
        return ORDER.compare(this, other);
    }

    /** The name, such as {@code 5.1}. */
    @JsonValue
    @Override
    public String toString() {
        return layer + "." + head;
    }
}
