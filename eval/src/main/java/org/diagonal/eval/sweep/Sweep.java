package org.diagonal.eval.sweep;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.diagonal.eval.measure.statistics.Interval;
import org.diagonal.eval.measure.statistics.PairedEstimate;
import org.diagonal.eval.record.Form;
import org.diagonal.eval.trial.Trial;
import org.diagonal.eval.trial.TrialResult;

/**
 * {@code sweep.json}: a finished sweep with the paper's points beside it.
 *
 * @param version of the file's form
 * @param title what the figure shows
 * @param about a sentence or two; may be empty
 * @param reduced whether the grid is a catalogue's small form
 * @param settings what all trials share and what they vary
 * @param figure what is drawn
 * @param metric what test figures are: {@code test loss} or {@code test error}
 * @param points one for each combination that is reported
 * @param selection how a value was chosen on validation; absent where none was
 * @param paper the paper's figures beside; empty for none
 * @param paperSource where these are from
 * @param commits that trained the trials, in alphabetical order
 */
public record Sweep(
        int version,
        String title,
        String about,
        boolean reduced,
        Settings settings,
        Drawn figure,
        String metric,
        List<Point> points,
        Optional<Selection> selection,
        List<PaperFigures.PaperFigure> paper,
        String paperSource,
        List<String> commits) {

    /** The form of the file. */
    public static final Form<Sweep> FORM = Form.of("sweep.json", Sweep.class, 1, Map.of());

    /**
     * What was trained.
     *
     * @param base settings that all trials share
     * @param grid values by axis, in their order
     * @param except what of the grid was not trained; absent where all was
     * @param tie expressions by axis
     * @param trials trainings of each combination
     * @param seed of the first
     */
    public record Settings(
            Map<String, String> base,
            Map<String, List<String>> grid,
            Optional<List<Map<String, List<String>>>> except,
            Map<String, String> tie,
            int trials,
            long seed) {

        /** Copies; keeps the orders. */
        public Settings {
            base = ordered(base);
            grid = ordered(grid);
            except = except.map(all -> all.stream().map(Sweep::ordered).toList());
            tie = ordered(tie);
        }
    }

    /**
     * What is drawn.
     *
     * @param x the axis along
     * @param logarithmic whether it is so
     * @param line axes whose values have a line each
     * @param y {@code test}, {@code train} or {@code valid}: a figure each
     */
    public record Drawn(String x, boolean logarithmic, List<String> line, List<String> y) {

        /** Copies. */
        public Drawn {
            line = List.copyOf(line);
            y = List.copyOf(y);
        }
    }

    /**
     * Values of several trials.
     *
     * @param mean over the trials
     * @param stderr the mean's standard error, ddof = 1; absent for a single trial
     * @param ci95 Student's interval of the mean over trials; absent for a single trial
     * @param values of each trial, in the order of the seeds
     */
    public record Measure(
            double mean,
            OptionalDouble stderr,
            @JsonProperty("ci95") Optional<Interval> ci95,
            List<Double> values) {

        /** Copies. */
        public Measure {
            values = List.copyOf(values);
        }

        static Measure of(List<Double> values) {
            return new Measure(
                    PairedEstimate.mean(values),
                    PairedEstimate.standardError(values),
                    PairedEstimate.interval(values),
                    values);
        }
    }

    /**
     * The trials of one combination.
     *
     * @param at its value of every axis of the grid
     * @param test loss, or error of symbolic labels, on unseen symbols
     * @param train loss on the training samples; absent where older trials have none
     * @param valid loss on the validation samples
     * @param accuracyUnseen share of right answers on unseen symbols
     * @param accuracySeen the same on the training's symbols
     * @param bestEpochs of each trial
     * @param seconds of all trials together
     * @param trials the names of their files, without {@code .json}
     */
    public record Point(
            Map<String, String> at,
            Measure test,
            Optional<Measure> train,
            Measure valid,
            Measure accuracyUnseen,
            Measure accuracySeen,
            List<Integer> bestEpochs,
            double seconds,
            List<String> trials) {

        /** Copies; keeps the order. */
        public Point {
            at = ordered(at);
            bestEpochs = List.copyOf(bestEpochs);
            trials = List.copyOf(trials);
        }

        /** What a figure shows of it; absent if it was not measured. */
        Optional<Measure> measure(String y) {
            return switch (y) {
                case "train" -> train;
                case "valid" -> Optional.of(valid);
                default -> Optional.of(test);
            };
        }
    }

    /**
     * A choice on validation by trainings of other seeds.
     *
     * @param over the axis whose value is chosen
     * @param per axes with a choice for each of their values
     * @param seeds of the trainings that choose
     * @param choices one for each group
     */
    public record Selection(String over, List<String> per, List<Long> seeds, List<Choice> choices) {

        /** Copies. */
        public Selection {
            per = List.copyOf(per);
            seeds = List.copyOf(seeds);
            choices = List.copyOf(choices);
        }
    }

    /**
     * A choice.
     *
     * @param group its values of the selection's axes; empty where there is one choice for all
     * @param best the value with the least mean
     * @param tried all values
     */
    public record Choice(Map<String, String> group, String best, List<Tried> tried) {

        /** Copies; keeps the order. */
        public Choice {
            group = ordered(group);
            tried = List.copyOf(tried);
        }
    }

    /**
     * A value that could have been chosen.
     *
     * @param valid validation losses by seed, each the mean over the combinations of the group
     */
    public record Tried(String value, Measure valid) {}

    /** Copies; refuses a sweep without points, and points that its figure cannot show. */
    public Sweep {
        points = List.copyOf(points);
        paper = List.copyOf(paper);
        commits = List.copyOf(commits);
        if (points.isEmpty()) {
            throw new IllegalArgumentException("points: expected one or more");
        }
        for (int i = 0; i < points.size(); i++) {
            requirePlace("points[" + i + "].at: ", points.get(i).at(), figure);
        }
    }

    /**
     * Gathers the results of trials.
     *
     * @param cells the reported combinations
     * @param results of all of their trials
     */
    static Sweep of(
            SweepPlan plan,
            List<SweepPlan.Cell> cells,
            Map<Trial, TrialResult> results,
            Optional<Selection> selection) {
        SweepFile file = plan.file();
        PaperFigures paper = PaperFigures.bundled();
        return new Sweep(
                FORM.version(),
                file.title(),
                file.about(),
                file.reduced(),
                file.settings(),
                new Drawn(
                        file.figure().x().toString(),
                        file.figure().logarithmic(),
                        file.figure().line().stream().map(Axis::toString).toList(),
                        file.figure().y().stream().map(SweepFile.Measured::toString).toList()),
                plan.metric(),
                cells.stream().map(cell -> point(cell, results)).toList(),
                selection,
                file.figure().paper().stream().flatMap(name -> paper.of(name).stream()).toList(),
                paper.source(),
                TrialResult.commits(results.values()));
    }

    private static Point point(SweepPlan.Cell cell, Map<Trial, TrialResult> results) {
        List<TrialResult> trials = cell.reported().stream().map(results::get).toList();
        boolean trained = trials.stream().allMatch(trial -> trial.trainLoss().isPresent());
        return new Point(
                SweepFile.named(cell.at()),
                measure(trials, TrialResult::figure),
                trained
                        ? Optional.of(measure(trials, trial -> trial.trainLoss().getAsDouble()))
                        : Optional.empty(),
                measure(trials, TrialResult::validLoss),
                measure(trials, trial -> trial.unseen().accuracy().proportion().value()),
                measure(trials, trial -> trial.seen().accuracy().proportion().value()),
                trials.stream().map(TrialResult::bestEpoch).toList(),
                trials.stream().mapToDouble(TrialResult::seconds).sum(),
                cell.reported().stream().map(Trial::hash).toList());
    }

    private static Measure measure(List<TrialResult> trials, Function<TrialResult, Double> of) {
        return Measure.of(trials.stream().map(of).toList());
    }

    private static void requirePlace(String key, Map<String, String> at, Drawn figure) {
        for (String axis : figure.line()) {
            if (at.get(axis) == null) {
                throw new IllegalArgumentException(key + "lacks the figure's axis " + axis);
            }
        }
        String x = Optional.ofNullable(at.get(figure.x())).orElse("");
        try {
            double value = Double.parseDouble(Axis.of(figure.x()).value(x));
            if (figure.logarithmic() && value <= 0) {
                throw new IllegalArgumentException(x + " has no logarithm");
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + figure.x() + ": " + e.getMessage(), e);
        }
    }

    private static <V> Map<String, V> ordered(Map<String, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /** Seconds of all reported trials together. */
    double seconds() {
        return points.stream().mapToDouble(Point::seconds).sum();
    }

    /** Whether the standard error of every point is known. */
    boolean hasIntervals() {
        return settings.trials() > 1;
    }
}
