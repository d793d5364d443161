package org.diagonal.eval.report.chart;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.diagonal.eval.report.chart.Shape.Anchor;
import org.diagonal.eval.report.chart.Shape.Line;
import org.diagonal.eval.report.chart.Shape.Spot;

/** Matrices from afar, each above the distribution of its entries. */
public record Tiles(String title, String description, List<Tile> tiles) implements Chart {

    private static final double GAP = 16;
    private static final double NAME = 20;
    private static final double HISTOGRAM = 44;
    private static final double BELOW = 34;

    /** The share of blocks that may be darker than the darkest colour. */
    private static final double BEYOND = 0.005;

    /**
     * One matrix.
     *
     * @param blocks means of its blocks, row by row
     * @param low where the first bin of both histograms begins
     * @param high where the last one ends
     * @param diagonal entries of the diagonal in every bin
     * @param others the other entries in every bin
     */
    public record Tile(
            String name,
            List<List<Double>> blocks,
            double low,
            double high,
            List<Double> diagonal,
            List<Double> others) {

        /** Copies the lists. */
        public Tile {
            blocks = blocks.stream().map(List::copyOf).toList();
            diagonal = List.copyOf(diagonal);
            others = List.copyOf(others);
        }
    }

    /** Copies the tiles. */
    public Tiles {
        tiles = List.copyOf(tiles);
    }

    @Override
    public Picture draw(int width) {
        int columns = Sheet.isNarrow(width) ? 2 : Math.max(3, Math.min(4, tiles.size()));
        double side = (width - (columns - 1) * GAP) / columns;
        double height = NAME + side + HISTOGRAM + BELOW;
        Sheet sheet = new Sheet();
        for (int i = 0; i < tiles.size(); i++) {
            double x = i % columns * (side + GAP);
            int row = i / columns;
            double y = row * (height + GAP / 2);
            draw(tiles.get(i), x, y, side, sheet);
        }
        int rows = (tiles.size() + columns - 1) / columns;
        return sheet.picture(width, rows * (height + GAP / 2));
    }

    private static void draw(Tile tile, double x, double y, double side, Sheet sheet) {
        sheet.label(x, y + 12, tile.name, Anchor.START, Ink.TEXT);
        double top = y + NAME;
        sheet.add(new Shape.Raster(x, top, side, tile.blocks, limit(tile.blocks)));
        sheet.frame(x, top, side);
        double foot = top + side + 8 + HISTOGRAM;
        steps(tile.others, x, foot, side, Ink.AXIS, sheet, true);
        steps(tile.diagonal, x, foot, side, Ink.BOTH, sheet, false);
        sheet.add(Line.between(x, foot, x + side, foot, Ink.AXIS, 1));
        if (tile.low < 0 && tile.high > 0) {
            double zero = x - tile.low / (tile.high - tile.low) * side;
            sheet.add(Line.between(zero, foot - HISTOGRAM, zero, foot + 3, Ink.MUTED, 1));
        }
        sheet.label(x, foot + 15, words(tile.low), Anchor.START, Ink.MUTED);
        sheet.label(x + side, foot + 15, words(tile.high), Anchor.END, Ink.MUTED);
    }

    /** A histogram, its highest bin as high as there is room. */
    private static void steps(
            List<Double> counts,
            double x,
            double foot,
            double side,
            Ink ink,
            Sheet sheet,
            boolean filled) {
        double most = Math.max(1, Collections.max(counts));
        double step = side / counts.size();
        List<Spot> spots = new ArrayList<>(List.of(new Spot(x, foot)));
        for (int bin = 0; bin < counts.size(); bin++) {
            double y = foot - counts.get(bin) / most * HISTOGRAM;
            spots.add(new Spot(x + bin * step, y));
            spots.add(new Spot(x + (bin + 1) * step, y));
        }
        spots.add(new Spot(x + side, foot));
        sheet.add(filled ? new Shape.Area(spots, ink) : new Line(spots, ink, 1.5, false, false));
    }

    private static double limit(List<List<Double>> blocks) {
        List<Double> sizes = new ArrayList<>();
        blocks.forEach(row -> row.forEach(value -> sizes.add(Math.abs(value))));
        Collections.sort(sizes);
        return sizes.get((int) Math.floor((1 - BEYOND) * (sizes.size() - 1)));
    }

    private static String words(double value) {
        return String.format(Locale.ROOT, "%.2g", value).replace('-', '−');
    }
}
