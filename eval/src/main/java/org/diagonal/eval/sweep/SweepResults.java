package org.diagonal.eval.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.diagonal.eval.sweep.Sweep.Measure;
import org.diagonal.eval.sweep.SweepPlan.Cell;
import org.diagonal.eval.trial.Trial;
import org.diagonal.eval.trial.TrialResult;

/**
 * Finished trials on their way to the record of their sweep.
 *
 * @param cells the reported combinations
 * @param results of all of their trials
 */
record SweepResults(
        SweepPlan plan,
        List<Cell> cells,
        Map<Trial, TrialResult> results,
        Optional<Sweep.Selection> selection) {

    /** The record. */
    Sweep sweep() {
        SweepFile file = plan.file();
        PaperFigures paper = PaperFigures.bundled();
        return new Sweep(
                Sweep.FORM.version(),
                file.title(),
                file.about(),
                file.reduced(),
                settings(file),
                new Sweep.Drawn(
                        file.figure().x().toString(),
                        file.figure().logarithmic(),
                        file.figure().line().stream().map(Axis::toString).toList(),
                        file.figure().y().stream()
                                .map(y -> y.name().toLowerCase(Locale.ROOT))
                                .toList()),
                plan.metric(),
                cells.stream().map(this::point).toList(),
                selection,
                file.figure().paper().stream().flatMap(name -> paper.of(name).stream()).toList(),
                paper.source(),
                TrialResult.commits(results.values()));
    }

    private static Sweep.Settings settings(SweepFile file) {
        Map<String, String> base = new LinkedHashMap<>();
        file.base().forEach((axis, value) -> base.put(axis.toString(), value));
        Map<String, String> tie = new LinkedHashMap<>();
        file.tie().forEach((axis, value) -> tie.put(axis.toString(), value.toString()));
        Optional<List<Map<String, List<String>>>> except =
                Optional.of(file.except().stream().map(SweepResults::named).toList());
        return new Sweep.Settings(
                base,
                named(file.grid()),
                except.filter(all -> !all.isEmpty()),
                tie,
                file.trials(),
                file.seed());
    }

    private static Map<String, List<String>> named(Map<Axis, List<String>> values) {
        Map<String, List<String>> named = new LinkedHashMap<>();
        values.forEach((axis, some) -> named.put(axis.toString(), some));
        return named;
    }

    private Sweep.Point point(Cell cell) {
        List<TrialResult> trials = cell.reported().stream().map(results::get).toList();
        Map<String, String> at = new LinkedHashMap<>();
        cell.at().forEach((axis, value) -> at.put(axis.toString(), value));
        boolean trained = trials.stream().allMatch(trial -> trial.trainLoss().isPresent());
        return new Sweep.Point(
                at,
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

    private static Measure measure(List<TrialResult> trials, ToDoubleFunction<TrialResult> of) {
        List<Double> values = new ArrayList<>();
        trials.forEach(trial -> values.add(of.applyAsDouble(trial)));
        return Measure.of(values);
    }
}
