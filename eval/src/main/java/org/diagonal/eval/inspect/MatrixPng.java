package org.diagonal.eval.inspect;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.diagonal.eval.report.chart.Png;
import org.diagonal.plugin.identity.FactoredMatrix;

/**
 * A head's matrix as a picture (paper, Figure 8): blue below zero, white at zero, orange above,
 * which people see apart whatever colours they see.
 */
public final class MatrixPng {

    private static final int MOST_PIXELS = 1024;
    private static final int FEW_PIXELS = 512;

    /** So few entries are darker than the darkest colour: one outlier does not pale the rest. */
    private static final double BEYOND = 0.001;

    private static final int[] NEGATIVE = {12, 66, 140};
    private static final int[] POSITIVE = {190, 80, 0};
    private static final double WHITE = 255;

    private MatrixPng() {}

    /**
     * Draws a matrix, one pixel or more an entry; of a larger matrix one pixel for the mean of a
     * block of entries.
     *
     * @return the absolute value that has the darkest colours
     */
    public static double write(FactoredMatrix matrix, Path file) throws IOException {
        int block = (matrix.size() + MOST_PIXELS - 1) / MOST_PIXELS;
        int cells = (matrix.size() + block - 1) / block;
        double[] values = matrix.blockMeans(cells);
        double limit = limit(values);
        int magnified = Math.max(1, FEW_PIXELS / cells);
        int side = cells * magnified;
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                double value = values[y / magnified * cells + x / magnified];
                image.setRGB(x, y, color(value / limit));
            }
        }
        Png.write(image, file);
        return limit;
    }

    private static double limit(double[] values) {
        double[] sizes = Arrays.stream(values).map(Math::abs).sorted().toArray();
        double limit = sizes[(int) Math.floor((1 - BEYOND) * (sizes.length - 1))];
        return limit > 0 ? limit : 1; // a matrix of zeros is white
    }

    private static int color(double value) {
        int[] end = value < 0 ? NEGATIVE : POSITIVE;
        double share = Math.min(1, Math.abs(value));
        int rgb = 0;
        for (int channel : end) {
            rgb = rgb << 8 | (int) Math.round(WHITE + share * (channel - WHITE));
        }
        return rgb;
    }
}
