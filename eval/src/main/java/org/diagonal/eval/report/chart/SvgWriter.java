package org.diagonal.eval.report.chart;

import java.util.List;
import java.util.Locale;
import org.diagonal.eval.report.chart.Shape.Spot;

/**
 * Pictures as SVG inside of a page, whose style sheet knows the classes: the names of inks and
 * tones, {@code faint}, {@code hollow}, {@code dash}, and {@code on-strong} for words on cells.
 */
public final class SvgWriter {

    private final StringBuilder out = new StringBuilder();

    private SvgWriter() {}

    /**
     * A picture as an element {@code svg}.
     *
     * @param id unique in its page
     * @param style a class of its own
     */
    public static String write(Chart chart, Picture picture, String id, String style) {
        SvgWriter writer = new SvgWriter();
        writer.open(chart, picture, id, style);
        picture.shapes().forEach(writer::shape);
        return writer.out.append("</svg>").toString();
    }

    private void open(Chart chart, Picture picture, String id, String style) {
        String size = number(picture.width()) + " " + number(picture.height());
        out.append("<svg class=\"chart ").append(style).append("\" role=\"img\"");
        attribute("viewBox", "0 0 " + size);
        attribute("width", number(picture.width()));
        attribute("aria-labelledby", id + "-t " + id + "-d");
        out.append("><title id=\"").append(id).append("-t\">").append(escape(chart.title()));
        out.append("</title><desc id=\"").append(id).append("-d\">");
        out.append(escape(chart.description())).append("</desc>\n");
    }

    private void shape(Shape shape) {
        if (shape instanceof Shape.Line line) {
            line(line);
        } else if (shape instanceof Shape.Dot dot) {
            dot(dot);
        } else if (shape instanceof Shape.Bar bar) {
            rectangle(bar.x(), bar.y(), bar.width(), bar.height(), "f-" + bar.ink().word());
            close("rect", bar.note());
        } else if (shape instanceof Shape.Area area) {
            out.append("<polygon");
            attribute("class", "f-" + area.ink().word());
            attribute("points", points(area.corners()));
            close("polygon", "");
        } else if (shape instanceof Shape.Cell cell) {
            cell(cell);
        } else if (shape instanceof Shape.Raster raster) {
            raster(raster);
        } else if (shape instanceof Shape.Label label) {
            String anchor = label.anchor().name().toLowerCase(Locale.ROOT);
            text(label.at(), label.words(), anchor, label.size(), "f-" + label.ink().word());
        } else if (shape instanceof Shape.CellLabel label) {
            String style = label.tone().isStrong() ? "on-strong" : "f-text";
            text(label.at(), label.words(), "middle", label.size(), style);
        }
    }

    private void line(Shape.Line line) {
        out.append("<polyline");
        String style = "s-" + line.ink().word();
        attribute("class", style + (line.dashed() ? " dash" : "") + (line.faint() ? " faint" : ""));
        if (line.width() != 1) {
            attribute("stroke-width", number(line.width()));
        }
        attribute("points", points(line.spots()));
        close("polyline", "");
    }

    private void dot(Shape.Dot dot) {
        out.append("<circle");
        String style = dot.hollow() ? "hollow s-" : "f-";
        attribute("class", style + dot.ink().word() + (dot.faint() ? " faint" : ""));
        attribute("cx", number(dot.at().x()));
        attribute("cy", number(dot.at().y()));
        attribute("r", number(dot.radius()));
        close("circle", dot.note());
    }

    private void rectangle(double x, double y, double width, double height, String style) {
        out.append("<rect");
        attribute("class", style);
        attribute("x", number(x));
        attribute("y", number(y));
        attribute("width", number(width));
        attribute("height", number(height));
    }

    /** There are many of them: those without a note are written with few letters. */
    private void cell(Shape.Cell cell) {
        if (!cell.note().isEmpty()) {
            rectangle(cell.x(), cell.y(), cell.width(), cell.height(), cell.tone().word());
            close("rect", cell.note());
            return;
        }
        String width = number(cell.width());
        out.append("<path");
        attribute("class", cell.tone().word());
        String corner = "M" + number(cell.x()) + " " + number(cell.y());
        attribute("d", corner + "h" + width + "v" + number(cell.height()) + "h-" + width + "z");
        close("path", "");
    }

    private void raster(Shape.Raster raster) {
        out.append("<image");
        attribute("x", number(raster.x()));
        attribute("y", number(raster.y()));
        attribute("width", number(raster.side()));
        attribute("height", number(raster.side()));
        attribute("href", "data:image/png;base64," + Pixels.base64(raster));
        close("image", "");
    }

    private void text(Spot at, String words, String anchor, double size, String style) {
        out.append("<text");
        attribute("class", style);
        attribute("x", number(at.x()));
        attribute("y", number(at.y()));
        if (!anchor.equals("start")) {
            attribute("text-anchor", anchor);
        }
        if (size != Plot.LETTERS) {
            attribute("font-size", number(size));
        }
        out.append('>').append(escape(words)).append("</text>\n");
    }

    private void close(String element, String note) {
        if (note.isEmpty()) {
            out.append("/>\n");
        } else {
            out.append("><title>").append(escape(note)).append("</title></").append(element);
            out.append(">\n");
        }
    }

    private void attribute(String name, String value) {
        out.append(' ').append(name).append("=\"").append(escape(value)).append('"');
    }

    private static String points(List<Spot> spots) {
        StringBuilder points = new StringBuilder();
        for (Spot spot : spots) {
            points.append(points.isEmpty() ? "" : " ");
            points.append(number(spot.x())).append(',').append(number(spot.y()));
        }
        return points.toString();
    }

    /** Tenths of a pixel, without a zero that says nothing. */
    private static String number(double value) {
        String words = String.format(Locale.ROOT, "%.1f", value);
        return words.endsWith(".0") ? words.substring(0, words.length() - 2) : words;
    }

    private static String escape(String words) {
        return words.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
