package org.diagonal.eval.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.diagonal.eval.report.chart.Axis.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Both writers draw every chart, at both widths. */
final class WritersTest {

    private static final String NASTY = "<script>&\"'";

    @TempDir Path work;

    @Test
    void aStepWithoutALossIsLeftOut() {
        XyChart.Series losses =
                new XyChart.Series(
                        "losses",
                        Ink.BOTH,
                        XyChart.Style.LINE,
                        List.of(
                                XyChart.Point.at(1, 3),
                                XyChart.Point.at(2, Double.NaN),
                                XyChart.Point.at(3, 2)));
        XyChart chart =
                new XyChart(
                        "losses",
                        "by step",
                        new Axis("step", Scale.LINEAR, 0, 3),
                        Axis.around("loss", Scale.LINEAR, List.of(3.0, Double.NaN, 2.0)),
                        List.of(losses),
                        OptionalDouble.empty());
        assertThat(SvgWriter.write(chart, chart.draw(Chart.WIDE), "losses", "wide"))
                .contains("polyline")
                .doesNotContain("NaN");
    }

    /**
     * Every label below an interval chart has a line of the grid above it, and no line lacks one.
     */
    @Test
    void theGridStandsAtTheLabels() {
        for (double high : new double[] {1.0025, 1.2, 7, 1234}) {
            IntervalChart.Row row =
                    new IntervalChart.Row("both", Ink.BOTH, false, 1, 0.99, high, List.of(), "");
            IntervalChart chart =
                    new IntervalChart(
                            "ratio",
                            "of both",
                            Axis.around("ratio", Scale.LINEAR, List.of(0.99, high)),
                            List.of(row),
                            OptionalDouble.empty());
            for (int width : new int[] {Chart.WIDE, Chart.NARROW}) {
                List<Shape.Line> lines = lines(chart.draw(width));
                List<Double> grid = upright(lines, Ink.GRID);
                assertThat(grid).isNotEmpty().isEqualTo(upright(lines, Ink.AXIS));
            }
        }
    }

    private static List<Shape.Line> lines(Picture picture) {
        return picture.shapes().stream()
                .filter(Shape.Line.class::isInstance)
                .map(Shape.Line.class::cast)
                .toList();
    }

    private static List<Double> upright(List<Shape.Line> lines, Ink ink) {
        return lines.stream()
                .filter(line -> line.ink() == ink)
                .filter(line -> line.spots().get(0).x() == line.spots().get(1).x())
                .map(line -> line.spots().get(0).x())
                .toList();
    }

    @Test
    void aLineUnderAnotherShowsAtItsEdges() {
        List<XyChart.Point> same = List.of(XyChart.Point.at(0, 1), XyChart.Point.at(1, 2));
        for (XyChart.Style style : List.of(XyChart.Style.LINE, XyChart.Style.LINE_AND_POINTS)) {
            XyChart chart =
                    new XyChart(
                            "losses",
                            "by step",
                            new Axis("step", Scale.LINEAR, 0, 1),
                            new Axis("loss", Scale.LINEAR, 0, 3),
                            List.of(
                                    new XyChart.Series("none", Ink.PLAIN, style, same),
                                    new XyChart.Series("both", Ink.BOTH, style, same)),
                            OptionalDouble.empty());
            List<Shape> shapes = chart.draw(Chart.WIDE).shapes();
            assertThat(width(shapes, Ink.PLAIN)).isGreaterThan(width(shapes, Ink.BOTH) + 1);
        }
    }

    /** The width of the last line of an ink, which is its curve. */
    private static double width(List<Shape> shapes, Ink ink) {
        return shapes.stream()
                .filter(Shape.Line.class::isInstance)
                .map(Shape.Line.class::cast)
                .filter(line -> line.ink() == ink)
                .reduce((first, last) -> last)
                .orElseThrow()
                .width();
    }

    static Stream<Chart> charts() {
        List<XyChart.Series> series = new ArrayList<>();
        for (XyChart.Style style : XyChart.Style.values()) {
            series.add(
                    new XyChart.Series(
                            style + NASTY,
                            Ink.QK,
                            style,
                            List.of(
                                    new XyChart.Point(4, 1, 0.5, 1.5, NASTY),
                                    new XyChart.Point(64, 0.01, -0.1, 0.02, ""))));
        }
        Axis n = new Axis(NASTY, Scale.LOG2, 2, 128);
        Axis loss = new Axis("loss", Scale.LOG10, 1e-4, 2);
        IntervalChart.Row row =
                new IntervalChart.Row(NASTY, Ink.OV, true, 1, 0.9, 1.1, List.of(0.95), NASTY);
        return Stream.of(
                new XyChart(NASTY, NASTY, n, loss, series, OptionalDouble.of(0.1)),
                new IntervalChart(
                        "intervals",
                        NASTY,
                        Axis.around("ratio", Scale.LINEAR, IntervalChart.values(List.of(row))),
                        List.of(row),
                        OptionalDouble.of(1)),
                new BarChart(
                        "bars",
                        NASTY,
                        "difference",
                        "articles",
                        Ink.BOTH,
                        Ink.QK,
                        List.of(new BarChart.Bar(-1, NASTY), new BarChart.Bar(2, ""))),
                new Tiles(
                        "tiles",
                        NASTY,
                        List.of(
                                new Tiles.Tile(
                                        NASTY,
                                        List.of(List.of(1.0, 0.1), List.of(-0.2, 0.9)),
                                        -1,
                                        2,
                                        List.of(0.0, 1.0, 1.0),
                                        List.of(9.0, 90.0, 0.0)))),
                new HeatMap("few", NASTY, "a", List.of(List.of(-1.0, 0.0), List.of(0.5, 2e-5))),
                new HeatMap("many", NASTY, "b", many()));
    }

    /** GPT-2 XL: 48 layers of 25 heads. */
    private static List<List<Double>> many() {
        List<List<Double>> layers = new ArrayList<>();
        for (int layer = 0; layer < 48; layer++) {
            List<Double> heads = new ArrayList<>();
            for (int head = 0; head < 25; head++) {
                heads.add(Math.sin(layer + 3.0 * head));
            }
            layers.add(heads);
        }
        return layers;
    }

    @ParameterizedTest
    @MethodSource("charts")
    void svgIsWellFormedNamedAndInsideOfItsBox(Chart chart) throws Exception {
        for (int width : new int[] {Chart.WIDE, Chart.NARROW}) {
            Picture picture = chart.draw(width);
            String svg = SvgWriter.write(chart, picture, "id", "wide");
            Document document =
                    DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(new InputSource(new StringReader(svg)));
            Element root = document.getDocumentElement();
            assertThat(root.getAttribute("role")).isEqualTo("img");
            assertThat(root.getAttribute("aria-labelledby")).isEqualTo("id-t id-d");
            assertThat(root.getElementsByTagName("title").item(0).getTextContent())
                    .isEqualTo(chart.title());
            assertThat(root.getElementsByTagName("desc").item(0).getTextContent())
                    .isEqualTo(chart.description());
            NodeList words = root.getElementsByTagName("text");
            assertThat(words.getLength()).isPositive();
            for (Shape shape : picture.shapes()) {
                assertInside(shape, picture);
            }
        }
    }

    private static void assertInside(Shape shape, Picture picture) {
        if (shape instanceof Shape.Line line) {
            line.spots().forEach(spot -> assertInside(spot.x(), spot.y(), picture));
        } else if (shape instanceof Shape.Dot dot) {
            assertInside(dot.at().x(), dot.at().y(), picture);
        } else if (shape instanceof Shape.Cell cell) {
            assertInside(cell.x(), cell.y(), picture);
            assertInside(cell.x() + cell.width(), cell.y() + cell.height(), picture);
        } else if (shape instanceof Shape.Label label) {
            assertInside(label.at().x(), label.at().y(), picture);
        }
    }

    private static void assertInside(double x, double y, Picture picture) {
        assertThat(x).isBetween(-1.0, picture.width() + 1);
        assertThat(y).isBetween(-1.0, picture.height() + 1);
    }

    @ParameterizedTest
    @MethodSource("charts")
    void pngIsDrawnFinely(Chart chart) throws Exception {
        Path file = work.resolve("chart.png");
        Picture picture = chart.draw(Chart.WIDE);
        PngWriter.write(picture, file);
        BufferedImage image = ImageIO.read(file.toFile());
        assertThat(image.getWidth()).isEqualTo(3 * Chart.WIDE);
        assertThat((double) image.getHeight())
                .isBetween(3 * picture.height(), 3 * picture.height() + 3);
        assertThat(image.getRGB(image.getWidth() - 1, 0)).isEqualTo(0xFFFFFFFF);
        long inked = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                inked += image.getRGB(x, y) == 0xFFFFFFFF ? 0 : 1;
            }
        }
        assertThat(inked).isGreaterThan(2000);
    }
}
