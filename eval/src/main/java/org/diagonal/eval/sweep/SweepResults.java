package org.diagonal.eval.sweep;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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
                file.settings(),
                new Sweep.Drawn(
                        file.figure().x().toString(),
                        file.figure().logarithmic(),
                        file.figure().line().stream().map(Axis::toString).toList(),
                        file.figure().y().stream().map(SweepFile.Measured::toString).toList()),
                plan.metric(),
                cells.stream().map(this::point).toList(),
                selection,
                file.figure().paper().stream().flatMap(name -> paper.of(name).stream()).toList(),
                paper.source(),
                TrialResult.commits(results.values()));
    }

    private Sweep.Point point(Cell cell) {
        List<TrialResult> trials = cell.reported().stream().map(results::get).toList();
        boolean trained = trials.stream().allMatch(trial -> trial.trainLoss().isPresent());
        return new Sweep.Point(
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
}
