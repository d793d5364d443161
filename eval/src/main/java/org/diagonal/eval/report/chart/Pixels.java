package org.diagonal.eval.report.chart;

import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.List;

/** The pixels of a raster: one a value, the clearer the nearer to zero, on any background. */
final class Pixels {

    private static final int BLUE = 0x1769B5;
    private static final int ORANGE = 0xD9731A;
    private static final int OPAQUE = 255;

    private Pixels() {}

    static BufferedImage image(Shape.Raster raster) {
        int side = raster.rows().size();
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < side; y++) {
            List<Double> row = raster.rows().get(y);
            for (int x = 0; x < side; x++) {
                image.setRGB(x, y, colour(row.get(x), raster.limit()));
            }
        }
        return image;
    }

    private static int colour(double value, double limit) {
        double share = limit > 0 ? Math.min(1, Math.abs(value) / limit) : 0;
        int alpha = (int) Math.round(OPAQUE * share);
        return alpha << 24 | (value < 0 ? BLUE : ORANGE);
    }

    static String base64(Shape.Raster raster) {
        return Base64.getEncoder().encodeToString(Png.of(image(raster)));
    }
}
