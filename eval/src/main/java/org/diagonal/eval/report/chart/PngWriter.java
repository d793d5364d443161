package org.diagonal.eval.report.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.diagonal.eval.report.chart.Shape.Anchor;
import org.diagonal.eval.report.chart.Shape.Spot;

/** Pictures as PNG files on white, for papers. */
public final class PngWriter {

    /** Pixels of the file for one of the picture. */
    private static final int FINE = 3;

    private final Graphics2D graphics;

    private PngWriter(Graphics2D graphics) {
        this.graphics = graphics;
    }

    /**
     * Writes a picture, replacing an old file.
     *
     * @throws IOException if the file cannot be written, or the machine has no typeface
     */
    public static void write(Picture picture, Path file) throws IOException {
        System.setProperty("java.awt.headless", "true"); // no window: none is needed, or there
        BufferedImage image =
                new BufferedImage(
                        (int) Math.ceil(picture.width() * FINE),
                        (int) Math.ceil(picture.height() * FINE),
                        BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
            graphics.scale(FINE, FINE);
            graphics.setRenderingHint(
                    RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(
                    RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            PngWriter writer = new PngWriter(graphics);
            picture.shapes().forEach(writer::shape);
        } catch (InternalError | NoClassDefFoundError | UnsatisfiedLinkError e) {
            throw new IOException(
                    file
                            + ": cannot draw words: this machine has no typeface; Debian's"
                            + " fonts-dejavu-core brings one",
                    e);
        } finally {
            graphics.dispose();
        }
        Png.write(image, file);
    }

    private void shape(Shape shape) {
        if (shape instanceof Shape.Line line) {
            line(line);
        } else if (shape instanceof Shape.Dot dot) {
            dot(dot);
        } else if (shape instanceof Shape.Bar bar) {
            graphics.setColor(bar.ink().colour());
            graphics.fill(new Rectangle2D.Double(bar.x(), bar.y(), bar.width(), bar.height()));
        } else if (shape instanceof Shape.Area area) {
            graphics.setColor(area.ink().colour());
            graphics.fill(path(area.corners()));
        } else if (shape instanceof Shape.Cell cell) {
            graphics.setColor(cell.tone().colour());
            graphics.fill(new Rectangle2D.Double(cell.x(), cell.y(), cell.width(), cell.height()));
        } else if (shape instanceof Shape.Raster raster) {
            AffineTransform place = AffineTransform.getTranslateInstance(raster.x(), raster.y());
            double pixel = raster.side() / raster.rows().size();
            place.scale(pixel, pixel);
            graphics.drawImage(Pixels.image(raster), place, null);
        } else if (shape instanceof Shape.Label label) {
            text(label.at(), label.words(), label.anchor(), label.size(), label.ink().colour());
        } else if (shape instanceof Shape.CellLabel label) {
            Color colour = label.tone().isStrong() ? Color.WHITE : Ink.TEXT.colour();
            text(label.at(), label.words(), Anchor.MIDDLE, label.size(), colour);
        }
    }

    private static Path2D path(List<Spot> spots) {
        Path2D path = new Path2D.Double();
        for (Spot spot : spots) {
            if (path.getCurrentPoint() == null) {
                path.moveTo(spot.x(), spot.y());
            } else {
                path.lineTo(spot.x(), spot.y());
            }
        }
        return path;
    }

    private void line(Shape.Line line) {
        float[] dashes = line.dashed() ? new float[] {5, 4} : null;
        graphics.setStroke(
                new BasicStroke(
                        (float) line.width(),
                        BasicStroke.CAP_ROUND,
                        BasicStroke.JOIN_ROUND,
                        1,
                        dashes,
                        0));
        graphics.setColor(faint(line.ink(), line.faint()));
        graphics.draw(path(line.spots()));
    }

    private void dot(Shape.Dot dot) {
        double radius = dot.radius();
        Ellipse2D circle =
                new Ellipse2D.Double(
                        dot.at().x() - radius, dot.at().y() - radius, 2 * radius, 2 * radius);
        if (dot.hollow()) {
            graphics.setColor(Color.WHITE);
            graphics.fill(circle);
            graphics.setStroke(new BasicStroke(1.5f));
        }
        graphics.setColor(faint(dot.ink(), dot.faint()));
        if (dot.hollow()) {
            graphics.draw(circle);
        } else {
            graphics.fill(circle);
        }
    }

    private void text(Spot at, String words, Anchor anchor, double size, Color colour) {
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 1).deriveFont((float) (size - 0.5)));
        double length = graphics.getFontMetrics().stringWidth(words);
        double shift =
                switch (anchor) {
                    case START -> 0;
                    case MIDDLE -> length / 2;
                    case END -> length;
                };
        graphics.setColor(colour);
        graphics.drawString(words, (float) (at.x() - shift), (float) at.y());
    }

    private static Color faint(Ink ink, boolean faint) {
        Color colour = ink.colour();
        return faint ? new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 90) : colour;
    }
}
