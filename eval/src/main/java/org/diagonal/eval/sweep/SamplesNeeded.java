package org.diagonal.eval.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.diagonal.eval.measure.statistics.Crossing;
import org.diagonal.eval.measure.statistics.Crossing.Bound;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.measure.statistics.PairedEstimate;
import org.diagonal.eval.report.page.Table;
import org.diagonal.eval.report.page.Table.Cell;
import org.diagonal.eval.report.page.Written;

/**
 * How many samples each line of a sweep over n needs for a test loss of 0.1, and how many times
 * fewer than the first line.
 *
 * <p>Every seed has a crossing of its own. What a line needs is their geometric mean; intervals are
 * Student's over the seeds' logarithms. A line that some seed crosses outside of the sweep's n has
 * a bound instead, without an interval. Ratios are paired by seed.
 */
final class SamplesNeeded {

    private static final double LEVEL = 0.1;

    /**
     * A geometric mean.
     *
     * @param ci95 absent where a value is a bound, or there is one value
     */
    record Mean(double value, Bound bound, Optional<Interval> ci95) {

        /** From values that may be bounds; empty where bounds of both kinds say nothing. */
        static Optional<Mean> of(List<Crossing> values) {
            List<Bound> bounds =
                    values.stream()
                            .map(Crossing::bound)
                            .filter(bound -> bound != Bound.EXACT)
                            .distinct()
                            .toList();
            if (bounds.size() == 2) {
                return Optional.empty();
            }
            List<Double> logs = values.stream().map(value -> Math.log(value.x())).toList();
            return Optional.of(
                    new Mean(
                            Math.exp(PairedEstimate.mean(logs)),
                            bounds.isEmpty() ? Bound.EXACT : bounds.get(0),
                            bounds.isEmpty()
                                    ? PairedEstimate.interval(logs)
                                            .map(interval -> interval.map(Math::exp))
                                    : Optional.empty()));
        }
    }

    private final Map<String, List<Crossing>> lines;

    /** From the crossings of each line's seeds, in the order of the seeds. */
    SamplesNeeded(Map<String, List<Crossing>> lines) {
        this.lines = lines;
    }

    /** What lines need; empty if the sweep's figure is not over n. */
    static Optional<SamplesNeeded> of(Sweep sweep) {
        if (!sweep.figure().x().equals(Axis.N.toString())) {
            return Optional.empty();
        }
        Map<String, List<Crossing>> lines = new LinkedHashMap<>();
        SweepFigures figures = new SweepFigures(sweep);
        figures.lines().forEach((line, points) -> lines.put(line, crossings(figures, points)));
        boolean curves = lines.values().stream().noneMatch(List::isEmpty);
        return curves ? Optional.of(new SamplesNeeded(lines)) : Optional.empty();
    }

    private static List<Crossing> crossings(SweepFigures figures, List<Sweep.Point> points) {
        List<Sweep.Point> sorted =
                points.stream().sorted(Comparator.comparingDouble(figures::x)).toList();
        List<Double> xs = sorted.stream().map(figures::x).toList();
        if (xs.stream().distinct().count() < xs.size()) {
            return List.of(); // several values of what is chosen: no curve
        }
        List<Crossing> seeds = new ArrayList<>();
        for (int seed = 0; seed < sorted.get(0).test().values().size(); seed++) {
            int one = seed;
            List<Double> losses =
                    sorted.stream().map(point -> point.test().values().get(one)).toList();
            seeds.add(Crossing.below(LEVEL, xs, losses));
        }
        return seeds;
    }

    /** What a line needs. */
    Optional<Mean> needed(String line) {
        return Mean.of(lines.get(line));
    }

    /** The first line's samples for one of a line's, paired by seed. */
    Optional<Mean> ratio(String line) {
        List<Crossing> first = lines.values().iterator().next();
        List<Crossing> second = lines.get(line);
        List<Crossing> ratios = new ArrayList<>();
        for (int seed = 0; seed < first.size(); seed++) {
            Crossing above = first.get(seed);
            Crossing below = second.get(seed);
            Optional<Bound> bound = bound(above.bound(), below.bound());
            if (bound.isEmpty()) {
                return Optional.empty();
            }
            ratios.add(new Crossing(above.x() / below.x(), bound.get()));
        }
        return Mean.of(ratios);
    }

    /** The bound of a quotient; empty where it can be anything. */
    private static Optional<Bound> bound(Bound above, Bound below) {
        if (below == Bound.EXACT) {
            return Optional.of(above);
        }
        Bound turned = below == Bound.AT_MOST ? Bound.AT_LEAST : Bound.AT_MOST;
        return above == Bound.EXACT || above == turned ? Optional.of(turned) : Optional.empty();
    }

    /** What the lines need, in a sentence; empty if none reaches the level with every seed. */
    Optional<String> sentence(String metric) {
        boolean reached =
                lines.keySet().stream()
                        .flatMap(line -> needed(line).stream())
                        .anyMatch(mean -> mean.bound() != Bound.AT_LEAST);
        if (!reached) {
            return Optional.empty();
        }
        String all =
                lines.keySet().stream()
                        .map(
                                line ->
                                        "%s (%s)"
                                                .formatted(
                                                        needed(line)
                                                                .map(SamplesNeeded::words)
                                                                .orElse("unclear"),
                                                        name(line)))
                        .collect(Collectors.joining(", "));
        return Optional.of("Samples for a %s of 0.1: %s.".formatted(metric, all));
    }

    private static String words(Mean mean) {
        String prefix =
                switch (mean.bound()) {
                    case EXACT -> "";
                    case AT_MOST -> "at most ";
                    case AT_LEAST -> "at least ";
                };
        return prefix + Written.fixed(mean.value(), 0);
    }

    /** A row for each line. */
    Table table(String metric) {
        String first = lines.keySet().iterator().next();
        String times = first.isEmpty() ? "Ratio" : first + " needs, times";
        Table.Builder table =
                Table.of(
                        "Samples for a %s of 0.1, geometric mean over seeds".formatted(metric),
                        "Line",
                        "n",
                        "95 % interval",
                        times,
                        "95 % interval",
                        "Seeds that reach it");
        lines.forEach(
                (line, seeds) -> {
                    Optional<Mean> needed = needed(line);
                    Optional<Mean> ratio = line.equals(first) ? Optional.empty() : ratio(line);
                    long reached =
                            seeds.stream().filter(seed -> seed.bound() != Bound.AT_LEAST).count();
                    table.row(
                            Cell.of(name(line)),
                            cell(needed, 0),
                            interval(needed, 0),
                            cell(ratio, 1),
                            interval(ratio, 1),
                            Cell.of("%d of %d".formatted(reached, seeds.size())));
                });
        return table.build();
    }

    private static Cell cell(Optional<Mean> mean, int decimals) {
        return mean.map(
                        one -> {
                            String words = Written.fixed(one.value(), decimals);
                            return Cell.of(sign(one.bound(), "≥ ") + words, one.value());
                        })
                .orElse(Cell.of(""));
    }

    private static String sign(Bound bound, String atLeast) {
        return switch (bound) {
            case EXACT -> "";
            case AT_MOST -> "≤ ";
            case AT_LEAST -> atLeast;
        };
    }

    private static Cell interval(Optional<Mean> mean, int decimals) {
        return Cell.of(
                mean.flatMap(Mean::ci95)
                        .map(one -> Written.interval(one.low(), one.high(), decimals))
                        .orElse(""));
    }

    /** Seeds and their crossings as words, for the reader who doubts a mean. */
    String perSeed() {
        return lines.entrySet().stream()
                .map(line -> name(line.getKey()) + ": " + words(line.getValue()))
                .collect(Collectors.joining("; "));
    }

    private static String name(String line) {
        return line.isEmpty() ? "all" : line;
    }

    private static String words(List<Crossing> seeds) {
        return seeds.stream().map(SamplesNeeded::words).collect(Collectors.joining(", "));
    }

    private static String words(Crossing crossing) {
        return sign(crossing.bound(), "> ") + Written.fixed(crossing.x(), 0);
    }
}
