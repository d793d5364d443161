package org.diagonal.eval.kernel;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import org.diagonal.eval.kernel.math.Finding;
import org.diagonal.eval.kernel.math.Phi;
import org.diagonal.eval.report.chart.XyChart;
import org.diagonal.eval.report.page.Table.Cell;

/** Numbers in words, for the terminal and for pages. */
final class Say {

    static final String NOT_RESOLVED = "not resolved";
    static final String INFINITE = "∞";

    private static final double LARGE = 1e7;

    private Say() {}

    /** Three digits that count, such as {@code 0.0437} and {@code 5.56e-4}. */
    static String brief(double value) {
        double size = Math.abs(value);
        if (value == 0) {
            return "0";
        }
        if (size < 1e-2 || size >= 1e5) {
            return power(value);
        }
        int decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /** {@code 5.56e-4}, where printf would write {@code 0.000556}. */
    private static String power(double value) {
        int exponent = (int) Math.floor(Math.log10(Math.abs(value)));
        String words = String.format(Locale.ROOT, "%.2f", value / Math.pow(10, exponent));
        return words.endsWith("10.00")
                ? words.replace("10.00", "1.00") + "e" + (exponent + 1)
                : words + "e" + exponent;
    }

    /** An eigenvalue with its error; a singular matrix's is 0. */
    static String eigenvalue(OptionalDouble value, OptionalDouble error) {
        if (value.isEmpty()) {
            return NOT_RESOLVED;
        }
        if (value.getAsDouble() == 0) {
            return "0";
        }
        return brief(value.getAsDouble()) + plusMinus(error, Say::error);
    }

    private static String plusMinus(OptionalDouble error, DoubleFunction<String> words) {
        return error.orElse(0) > 0 ? " ± " + words.apply(error.getAsDouble()) : "";
    }

    /** One digit that counts, such as {@code 2e-4}. */
    static String error(double value) {
        return String.format(Locale.ROOT, "%.0e", value)
                .replaceFirst("e([+-])0?", "e$1")
                .replace("e+", "e");
    }

    /** A number of samples: {@code 1,578 ± 0.3}, {@code ∞} or {@code not resolved}. */
    static String samples(OptionalDouble n, OptionalDouble error, Finding.State state) {
        if (state == Finding.State.INFINITE) {
            return INFINITE;
        }
        if (n.isEmpty()) {
            return NOT_RESOLVED;
        }
        boolean isLarge = n.getAsDouble() >= LARGE;
        return samples(n.getAsDouble()) + plusMinus(error, isLarge ? Say::error : Say::samples);
    }

    static String samples(double n) {
        if (n >= LARGE) {
            return power(n);
        }
        String format = n >= 100 ? "%,.0f" : n >= 1 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, n);
    }

    /** As options and files have it: {@code cos}. */
    static String name(Phi phi) {
        return phi.name().toLowerCase(Locale.ROOT);
    }

    /** A loss. */
    static String loss(double loss) {
        return loss >= 1e-3 || loss == 0 ? String.format(Locale.ROOT, "%.3f", loss) : power(loss);
    }

    /** A loss with its standard error. */
    static String loss(OptionalDouble loss, OptionalDouble se) {
        if (loss.isEmpty()) {
            return NOT_RESOLVED;
        }
        String plusMinus =
                se.isPresent() ? " ±" + loss(se.getAsDouble()).replaceFirst("^0", "") : "";
        return loss(loss.getAsDouble()) + plusMinus;
    }

    /** A point with its standard error, if there is one. */
    static XyChart.Point point(double x, double y, OptionalDouble se, String note) {
        double reach = se.orElse(0);
        return new XyChart.Point(x, y, y - reach, y + reach, note);
    }

    static Cell lossCell(double loss) {
        return Cell.of(loss(loss), loss);
    }

    static Cell errorCell(double error) {
        return Cell.of(error(error), error);
    }

    /** A number. */
    static Cell cell(double value) {
        return Cell.of(brief(value), value);
    }

    /** A number that may be absent. */
    static Cell cell(OptionalDouble value) {
        return value.isPresent() ? cell(value.getAsDouble()) : Cell.of("");
    }

    /** Words for a number that may be absent. */
    static Cell cell(String words, OptionalDouble exact) {
        return exact.isPresent() ? Cell.of(words, exact.getAsDouble()) : Cell.of(words);
    }

    /** A mean, such as that of a kernel's d, which templates have much alike. */
    static double mean(List<Double> values) {
        return values.stream().mapToDouble(value -> value).average().orElseThrow();
    }
}
