package org.diagonal.eval.report.chart;

import java.awt.Color;
import java.util.List;
import java.util.Locale;

/**
 * A step of the diverging scale of heat-maps: blue below zero, orange above, the background's own
 * shade at zero; lightness grows away from zero on both sides, so that it can be read without
 * colours.
 *
 * @param level from −{@value #STEPS} to {@value #STEPS}
 */
public record Tone(int level) {

    /** Levels on either side of zero. */
    public static final int STEPS = 20;

    private static final List<Integer> LIGHT_BLUE = List.of(0xF4F5F7, 0xA6CBEA, 0x4189C7, 0x083D77);
    private static final List<Integer> LIGHT_ORANGE =
            List.of(0xF4F5F7, 0xF8CB9F, 0xDD8433, 0x7F3B00);
    private static final List<Integer> DARK_BLUE = List.of(0x20252D, 0x1F4D78, 0x3C8BD0, 0xB4DCFF);
    private static final List<Integer> DARK_ORANGE =
            List.of(0x20252D, 0x6A4319, 0xC77B28, 0xFFD9A8);

    /**
     * The tone of a value.
     *
     * @param limit the value of the last tone; larger ones have it too
     */
    public static Tone of(double value, double limit) {
        double share = limit > 0 ? Math.max(-1, Math.min(1, value / limit)) : 0;
        return new Tone((int) Math.round(share * STEPS));
    }

    /** The class in style sheets, such as {@code p7} or {@code m20}. */
    public String word() {
        return (level < 0 ? "m" : "p") + Math.abs(level);
    }

    /** Whether words on it need the background's colour to be read. */
    public boolean isStrong() {
        return Math.abs(level) > STEPS * 11 / 20;
    }

    /** On a white page, as {@code #rrggbb}. */
    public String light() {
        return hex(between(level < 0 ? LIGHT_BLUE : LIGHT_ORANGE));
    }

    /** On a black page, as {@code #rrggbb}. */
    public String dark() {
        return hex(between(level < 0 ? DARK_BLUE : DARK_ORANGE));
    }

    Color colour() {
        return new Color(between(level < 0 ? LIGHT_BLUE : LIGHT_ORANGE));
    }

    private int between(List<Integer> stops) {
        double place = Math.abs(level) / (double) STEPS * (stops.size() - 1);
        int below = Math.min((int) place, stops.size() - 2);
        int mixed = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int from = stops.get(below) >> shift & 0xFF;
            int to = stops.get(below + 1) >> shift & 0xFF;
            mixed |= (int) Math.round(from + (place - below) * (to - from)) << shift;
        }
        return mixed;
    }

    private static String hex(int colour) {
        return String.format(Locale.ROOT, "#%06x", colour);
    }
}
