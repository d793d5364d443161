package org.diagonal.eval.report.chart;

import java.awt.Color;
import java.util.List;
import java.util.Locale;
import org.diagonal.plugin.identity.Arm;
import org.diagonal.plugin.identity.Control;

/**
 * What a line or a word of a chart is drawn with. A page gives each its colour by name, so that
 * dark mode and print are the page's business; colours are told apart by colour-blind people (after
 * Okabe and Ito), and on either background.
 */
public enum Ink {
    /** Words that carry the message. */
    TEXT("#1d232b", "#e7eaee"),
    /** Words beside it: numbers of an axis, names. */
    MUTED("#5b6673", "#9ba7b4"),
    /** The lines that carry an axis, and references. */
    AXIS("#aab2bc", "#59636f"),
    /** Lines across the plot. */
    GRID("#e6e9ed", "#2a3038"),
    /** The arm without scalings. */
    PLAIN("#5f6b7a", "#a3afbd"),
    /** Scalings in both circuits; also the page's own colour. */
    BOTH("#0b62a8", "#6db3f2"),
    /** Scalings in the QK circuits. */
    QK("#b85300", "#f0a35e"),
    /** Scalings in the OV circuits. */
    OV("#00785c", "#45c9a0"),
    /** Anything else that is compared. */
    OTHER("#8a4b9c", "#cf9de0"),
    /** Values of a setting, from the first to the last. */
    STEP1("#46135f", "#d7a8ff"),
    STEP2("#472a7a", "#c3b0ff"),
    STEP3("#413e85", "#adbaff"),
    STEP4("#37548b", "#97c6ff"),
    STEP5("#2c6a8e", "#84d3f5"),
    STEP6("#24808c", "#78dfe0"),
    STEP7("#1f9088", "#79e8c4"),
    STEP8("#2c9e6c", "#8aeda3"),
    STEP9("#57a343", "#a9ef83"),
    STEP10("#86a01f", "#ceec6b"),
    STEP11("#ad9300", "#f0e25c"),
    STEP12("#c27a00", "#ffc861");

    private static final int STEPS = 12;

    private static final List<Ink> OF_PAPER = List.of(PLAIN, QK, OV, BOTH);

    private final String light;
    private final String dark;

    Ink(String light, String dark) {
        this.light = light;
        this.dark = dark;
    }

    /** The ink of an arm. */
    public static Ink of(Arm arm) {
        return arm.control().map(Ink::of).orElseGet(() -> OF_PAPER.get(Arm.OF_PAPER.indexOf(arm)));
    }

    private static Ink of(Control control) {
        if (control instanceof Control.Temperature) {
            return STEP11;
        }
        if (control instanceof Control.Fixed fixed) {
            return fixed.a() > 0 ? STEP9 : STEP1;
        }
        if (control instanceof Control.Permuted) {
            return STEP7;
        }
        return control instanceof Control.Head ? STEP4 : OTHER;
    }

    /**
     * The ink of one of several values that have an order.
     *
     * @param index from 0
     * @param count how many values there are; more than twelve share inks with their neighbours
     */
    public static Ink ofStep(int index, int count) {
        int step = count < 2 ? 0 : Math.round(index * (STEPS - 1f) / (count - 1));
        return valueOf("STEP" + (step + 1));
    }

    /** The name in style sheets. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** On white, as {@code #rrggbb}. */
    public String light() {
        return light;
    }

    /** On black, as {@code #rrggbb}. */
    public String dark() {
        return dark;
    }

    Color colour() {
        return Color.decode(light);
    }
}
