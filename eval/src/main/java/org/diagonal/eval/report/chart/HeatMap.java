package org.diagonal.eval.report.chart;

import java.util.List;
import java.util.Locale;
import org.diagonal.eval.report.chart.Shape.Anchor;
import org.diagonal.eval.report.chart.Shape.Cell;
import org.diagonal.eval.report.chart.Shape.CellLabel;
import org.diagonal.eval.report.chart.Shape.Spot;

/**
 * Signed values of layers × heads on the diverging scale, centred at zero, the last layer above.
 *
 * @param quantity what the values are, such as {@code a}
 * @param values a list for every layer, with a value for every head; NaN for none
 */
public record HeatMap(String title, String description, String quantity, List<List<Double>> values)
        implements Chart {

    private static final double LEFT = 34;
    private static final double SCALE = 34;
    private static final double LARGEST = 52;
    private static final double ROOM_FOR_WORDS = 38;

    /** More cells than that do not say their numbers to who points at them: the table does. */
    private static final int FEW = 200;

    /** Copies the values; refuses none. */
    public HeatMap {
        values = values.stream().map(List::copyOf).toList();
        if (values.isEmpty() || values.get(0).isEmpty()) {
            throw new IllegalArgumentException("a heat-map needs layers and heads");
        }
    }

    /** The largest magnitude, which has the last colour on either side. */
    public double limit() {
        return values.stream()
                .flatMap(List::stream)
                .mapToDouble(value -> Math.abs(value))
                .filter(Double::isFinite)
                .max()
                .orElse(0);
    }

    @Override
    public Picture draw(int width) {
        Sheet sheet = new Sheet();
        int layers = values.size();
        int heads = values.get(0).size();
        double size = Math.min(LARGEST, (width - LEFT) / heads);
        double height = Math.min(size, LARGEST * 0.7);
        double top = 22;
        double limit = limit();
        boolean words = size >= ROOM_FOR_WORDS;
        sheet.label(LEFT, 12, "head", Anchor.START, Ink.MUTED);
        for (int layer = 0; layer < layers; layer++) {
            double y = top + (layers - 1 - layer) * height;
            for (int head = 0; head < heads; head++) {
                double value = values.get(layer).get(head);
                Tone tone = Tone.of(value, limit);
                if (Double.isNaN(value)) {
                    continue;
                }
                double x = LEFT + head * size;
                String note =
                        words || Sheet.isNarrow(width) || layers * heads > FEW
                                ? ""
                                : "layer %d, head %d: %s = %s"
                                        .formatted(layer, head, quantity, words(value));
                sheet.add(new Cell(x, y, size - 1, height - 1, tone, note));
                if (words) {
                    Spot at = new Spot(x + size / 2, y + height / 2 + 3.5);
                    sheet.add(new CellLabel(at, words(value), 10.5, tone));
                }
            }
            if (height >= 11 || layer % 5 == 0) {
                sheet.label(
                        LEFT - 8,
                        y + height / 2 + 4,
                        Integer.toString(layer),
                        Anchor.END,
                        Ink.MUTED);
            }
        }
        double below = top + layers * height;
        sheet.label(0, 12, "layer", Anchor.START, Ink.MUTED);
        for (int head = 0; head < heads; head++) {
            if (size >= 18 || head % 5 == 0) {
                double x = LEFT + (head + 0.5) * size;
                sheet.label(x, below + 15, Integer.toString(head), Anchor.MIDDLE, Ink.MUTED);
            }
        }
        legend(sheet, below + SCALE, Math.min(240, width - LEFT), limit);
        return sheet.picture(width, below + SCALE + 40);
    }

    /** The scale, with its ends in words. */
    private void legend(Sheet sheet, double y, double width, double limit) {
        sheet.scale(LEFT, y, width, 10);
        sheet.label(LEFT, y + 25, words(-limit), Anchor.START, Ink.MUTED);
        sheet.label(LEFT + width / 2, y + 25, quantity + " = 0", Anchor.MIDDLE, Ink.MUTED);
        sheet.label(LEFT + width, y + 25, words(limit), Anchor.END, Ink.MUTED);
    }

    /** Three digits that count. */
    private static String words(double value) {
        double size = Math.abs(value);
        int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : size >= 0.01 ? 3 : 4;
        boolean tiny = size > 0 && size < 5e-5;
        String format = tiny ? "%.0e" : size == 0 ? "%.0f" : "%." + decimals + "f";
        return String.format(Locale.ROOT, format, value).replace('-', '−');
    }
}
