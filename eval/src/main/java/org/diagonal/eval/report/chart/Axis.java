package org.diagonal.eval.report.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An axis: from values to shares of its length.
 *
 * @param label what it measures
 * @param scale how values lie on it
 * @param min the first value
 * @param max the last value
 */
public record Axis(String label, Scale scale, double min, double max) {

    /** How values lie on an axis. */
    public enum Scale {
        /** Evenly. */
        LINEAR,
        /** By powers of two: counts that are doubled. */
        LOG2,
        /** By powers of ten. */
        LOG10
    }

    /** A value that has a line and a label. */
    record Tick(double value, String label) {}

    /** Refuses an axis without length, and what has no logarithm. */
    public Axis {
        boolean finite = Double.isFinite(min) && Double.isFinite(max);
        if (!finite || !(min < max) || (scale != Scale.LINEAR && min <= 0)) {
            throw new IllegalArgumentException(
                    "an axis goes from less to more, a logarithmic one from above 0: %s, %s to %s"
                            .formatted(scale, min, max));
        }
    }

    /** An axis for shares: as far as the values go, and not beyond 0 and 1. */
    public static Axis ofShares(String label, List<Double> values) {
        Axis axis = around(label, Scale.LINEAR, values);
        double from = Math.max(0, axis.min);
        double to = Math.min(1, axis.max);
        return new Axis(label, Scale.LINEAR, from, to);
    }

    /** An axis that holds all values, with some room beside them. */
    public static Axis around(String label, Scale scale, List<Double> values) {
        List<Double> usable =
                values.stream()
                        .filter(Double::isFinite)
                        .filter(value -> scale == Scale.LINEAR || value > 0)
                        .toList();
        double min = usable.stream().mapToDouble(value -> value).min().orElse(0.1);
        double max = usable.stream().mapToDouble(value -> value).max().orElse(1);
        if (scale == Scale.LINEAR) {
            double room = max > min ? 0.04 * (max - min) : max == 0 ? 0.01 : Math.abs(max) * 0.1;
            return new Axis(label, scale, min - room, max + room);
        }
        double room = max > min ? Math.pow(max / min, 0.04) : 2;
        return new Axis(label, scale, min / room, max * room);
    }

    /** The share of the axis at which a value lies: 0 to 1, beyond it for others. */
    double share(double value) {
        return (position(value) - position(min)) / (position(max) - position(min));
    }

    private double position(double value) {
        return scale == Scale.LINEAR ? value : Math.log(Math.max(value, 1e-300));
    }

    boolean holds(double value) {
        return value >= min && value <= max;
    }

    /**
     * Round values on the axis.
     *
     * @param most how many there is room for
     */
    List<Tick> ticks(int most) {
        return switch (scale) {
            case LINEAR -> linear(most);
            case LOG2 -> orLinear(logarithmic(2, most), most);
            case LOG10 -> orLinear(max / min < 30 ? oneTwoFive() : logarithmic(10, most), most);
        };
    }

    /** One label says nothing about a scale: a short axis has evenly spaced values instead. */
    private List<Tick> orLinear(List<Tick> ticks, int most) {
        return ticks.size() < 2 ? linear(most) : ticks;
    }

    private List<Tick> linear(int most) {
        double raw = (max - min) / most;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double step =
                power * (raw / power <= 1 ? 1 : raw / power <= 2 ? 2 : raw / power <= 5 ? 5 : 10);
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        List<Tick> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(min / step - 1e-9); i * step <= max + 1e-9 * step; i++) {
            ticks.add(new Tick(i * step, plain(i * step, decimals)));
        }
        return ticks;
    }

    /** Powers of the base, all written out or all as powers. */
    private List<Tick> logarithmic(int base, int most) {
        int first = (int) Math.ceil(Math.log(min) / Math.log(base) - 1e-9);
        int last = (int) Math.floor(Math.log(max) / Math.log(base) + 1e-9);
        int step = 1 + (last - first) / most;
        boolean exponents = base == 10 && (first < -3 || last > 5); // for all labels, or for none
        List<Tick> ticks = new ArrayList<>();
        for (int power = first; power <= last; power += step) {
            double value = Math.pow(base, power);
            ticks.add(new Tick(value, exponents ? power(power) : plain(value, decimals(value))));
        }
        return ticks;
    }

    private static int decimals(double value) {
        return (int) Math.max(0, -Math.floor(Math.log10(value) + 1e-9));
    }

    /** A power of ten; 1 and 10 as they are. */
    private static String power(int power) {
        if (power == 0 || power == 1) {
            return power == 0 ? "1" : "10";
        }
        StringBuilder words = new StringBuilder(power < 0 ? "10⁻" : "10");
        for (char digit : Integer.toString(Math.abs(power)).toCharArray()) {
            words.append("⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(digit - '0'));
        }
        return words.toString();
    }

    private List<Tick> oneTwoFive() {
        List<Tick> ticks = new ArrayList<>();
        for (int power = (int) Math.floor(Math.log10(min)); Math.pow(10, power) <= max; power++) {
            for (int factor : new int[] {1, 2, 5}) {
                double value = factor * Math.pow(10, power);
                if (holds(value)) {
                    ticks.add(new Tick(value, plain(value, Math.max(0, -power))));
                }
            }
        }
        return ticks;
    }

    /** Minus signs as typesetters have them; thousands from ten thousand on. */
    private static String plain(double value, int decimals) {
        if (value == 0) {
            return decimals > 5 ? "0" : String.format(Locale.ROOT, "%." + decimals + "f", 0.0);
        }
        if (decimals > 5) {
            int digits = (int) Math.floor(Math.log10(Math.abs(value)) + 1e-9);
            String words =
                    String.format(Locale.ROOT, "%." + Math.max(0, digits + decimals) + "e", value);
            return words.replaceFirst("e([+-])0*(\\d)", "e$1$2")
                    .replace("e+", "e")
                    .replace('-', '−');
        }
        String format = Math.abs(value) >= 10_000 ? "%,." : "%.";
        String words = String.format(Locale.ROOT, format + decimals + "f", value);
        return (words.matches("-0(\\.0*)?") ? words.substring(1) : words).replace('-', '−');
    }
}
