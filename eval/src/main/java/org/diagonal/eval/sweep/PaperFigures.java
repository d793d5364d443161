package org.diagonal.eval.sweep;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalDouble;
import org.diagonal.eval.record.Records;

/**
 * The paper's figures as numbers, from {@code paper-figures.json}.
 *
 * @param version of the file
 * @param source where the numbers are from
 * @param about what they are
 * @param figures by their order in the paper
 */
public record PaperFigures(int version, String source, String about, List<PaperFigure> figures) {

    private static final String FILE = "paper-figures.json";

    /**
     * A figure.
     *
     * @param name its file's in the paper's repository
     * @param shown where the paper shows it
     * @param measured what its values are: {@code test} or {@code train}
     * @param series its lines
     */
    public record PaperFigure(
            String name, String shown, String measured, List<PaperSeries> series) {

        /** Copies. */
        public PaperFigure {
            series = List.copyOf(series);
        }
    }

    /**
     * A line.
     *
     * @param label in its legend
     * @param points x, y and, where it is drawn, the standard error of y with ddof = 1
     */
    public record PaperSeries(String label, List<List<Double>> points) {

        /** Copies; refuses what is no point. */
        public PaperSeries {
            points = points.stream().map(List::copyOf).toList();
            for (List<Double> point : points) {
                if (point.size() < 2 || point.size() > 3) {
                    throw new IllegalArgumentException(
                            "a point is [x, y] or [x, y, error]: " + point);
                }
            }
        }

        static OptionalDouble error(List<Double> point) {
            return point.size() == 3 ? OptionalDouble.of(point.get(2)) : OptionalDouble.empty();
        }
    }

    /** Copies. */
    public PaperFigures {
        figures = List.copyOf(figures);
    }

    /** The figures that come with the program. */
    static PaperFigures bundled() {
        try (InputStream in = PaperFigures.class.getResourceAsStream(FILE)) {
            return Records.read(new ObjectMapper().readTree(in), PaperFigures.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All names. */
    List<String> names() {
        return figures.stream().map(PaperFigure::name).distinct().toList();
    }

    /** The figures of a name: of test and, where the paper has it, of training loss. */
    List<PaperFigure> of(String name) {
        return figures.stream().filter(figure -> figure.name.equals(name)).toList();
    }
}
