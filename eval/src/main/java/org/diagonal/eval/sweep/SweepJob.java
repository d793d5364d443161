package org.diagonal.eval.sweep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diagonal.eval.record.OutFolder;
import org.diagonal.eval.record.Records;
import org.diagonal.eval.report.chart.Chart;
import org.diagonal.eval.report.chart.PngWriter;
import org.diagonal.eval.report.page.Block.Figure;
import org.diagonal.eval.report.page.SvgFile;
import org.diagonal.eval.source.Reporter;
import org.diagonal.eval.sweep.SweepPlan.Cell;
import org.diagonal.eval.trial.Shard;
import org.diagonal.eval.trial.Trial;
import org.diagonal.eval.trial.TrialBatch;
import org.diagonal.eval.trial.TrialResult;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.run.RunFolder;
import org.diagonal.templates.alphabet.SymbolKind;

/**
 * Runs the trials of a sweep that have no file yet: first those that choose, then those that are
 * reported; draws the figure once all have one.
 */
public final class SweepJob {

    private static final String FIGURES = "figures";

    private static final OutFolder OUT =
            new OutFolder("sweep", Sweep.FORM.file(), "sweep\\.json|settings\\.json|trials");

    private final SweepPlan plan;
    private final Shard shard;
    private final boolean keepsModels;

    private SweepJob(SweepPlan plan, Shard shard, boolean keepsModels) {
        this.plan = plan;
        this.shard = shard;
        this.keepsModels = keepsModels;
    }

    /**
     * A sweep that has not begun.
     *
     * @param nameOrPath of the catalogue, or of a file
     * @param models finds the weights of GPT-2s
     * @param shard this job's share of the trials
     * @param keepsModels whether trials keep their networks
     * @throws IOException in one line, if it is no sweep; see {@link SweepFile#read}
     */
    public static SweepJob of(
            String nameOrPath, SweepScale scale, Models models, Shard shard, boolean keepsModels)
            throws IOException {
        SweepFile file = SweepFile.read(nameOrPath, scale);
        return new SweepJob(SweepPlan.of(file, models), shard, keepsModels);
    }

    /** Finds the weights of a GPT-2. */
    @FunctionalInterface
    public interface Models {
        /** Those of a model's name or folder. */
        Trial.Weights weights(String model, boolean pretrained, SymbolKind symbols)
                throws IOException;
    }

    /**
     * How a job ended.
     *
     * @param trials of the whole sweep, as far as they are known
     * @param missing of these, the ones that other shards have not run yet
     * @param choosing whether trials that choose are among the missing, so that the others are not
     *     known yet
     * @param sweep the whole sweep, if nothing is missing
     */
    public record Outcome(int trials, int missing, boolean choosing, Optional<Sweep> sweep) {}

    /** What is planned; {@code out} may hold trials of it. */
    public PlannedTrials planned(Optional<Path> out) throws IOException {
        return PlannedTrials.of(plan, out.map(folder -> folder.resolve(TrialBatch.FOLDER)));
    }

    /**
     * Checks a folder, without writing.
     *
     * @throws IOException in one line, if it holds something else
     * @throws IllegalArgumentException if it holds another sweep, naming what differs
     */
    public void check(Path out) throws IOException {
        OUT.refuse(out, RunFolder.RUN, "curve.json");
        OUT.require(out);
        if (!Started.FORM.isIn(out)) {
            return;
        }
        Started before = Started.FORM.read(out);
        Optional<Records.Difference> other = Records.difference(started(), before);
        if (other.isPresent()) {
            throw new IllegalArgumentException(
                    "%s holds another sweep, with %s; choose another folder"
                            .formatted(out, other.get().present()));
        }
    }

    /** What must be the same in one folder; values of axes, seeds and figures may be others. */
    private Started started() {
        Sweep.Settings settings = plan.file().settings();
        return new Started(
                Started.FORM.version(),
                settings.base(),
                String.join(", ", settings.grid().keySet()),
                settings.tie(),
                plan.file().select().map(select -> select.over().toString()));
    }

    /**
     * Runs what is missing and writes {@code sweep.json}, {@code points.csv}, {@code trials.csv}
     * and the figures as SVG and PNG.
     *
     * @return empty if the process was asked to end
     */
    public Optional<Outcome> run(Path out, TrialBatch.Running running, Reporter reporter)
            throws IOException {
        check(out);
        Started.FORM.write(OutFolder.make(out), started());
        List<Trial> search = plan.search();
        Map<Trial, TrialResult> searched = Map.of();
        Optional<Sweep.Selection> selection = Optional.empty();
        if (!search.isEmpty()) {
            reporter.note("Choosing %s: %d trials".formatted(plan.over(), search.size()));
            Optional<TrialBatch.Outcome> ended = running.run(batch(search));
            if (isUnfinished(ended)) {
                return ended.map(batch -> outcome(batch, true));
            }
            searched = ended.get().results();
            selection = Optional.of(Selecting.of(plan, searched));
        }
        List<Cell> cells =
                plan.choosesCells()
                        ? Selecting.chosen(plan, selection.orElseThrow())
                        : plan.cells();
        Optional<TrialBatch.Outcome> ended = running.run(batch(SweepPlan.reported(cells)));
        if (isUnfinished(ended)) {
            return ended.map(batch -> outcome(batch, false));
        }
        Map<Trial, TrialResult> results = ended.get().results();
        Sweep sweep = Sweep.of(plan, cells, results, selection);
        write(out, sweep, new TrialTable(plan, cells, searched, results));
        return Optional.of(new Outcome(ended.get().trials(), 0, false, Optional.of(sweep)));
    }

    private TrialBatch batch(List<Trial> trials) {
        return new TrialBatch(trials, shard, keepsModels);
    }

    private static boolean isUnfinished(Optional<TrialBatch.Outcome> ended) {
        return ended.isEmpty() || ended.get().missing() > 0;
    }

    private static Outcome outcome(TrialBatch.Outcome batch, boolean choosing) {
        return new Outcome(batch.trials(), batch.missing(), choosing, Optional.empty());
    }

    private static void write(Path out, Sweep sweep, TrialTable trials) throws IOException {
        AtomicFiles.writeString(out.resolve(PointTable.FILE), PointTable.text(sweep));
        AtomicFiles.writeString(out.resolve(TrialTable.FILE), trials.text());
        Sweep.FORM.write(out, sweep);
        Path folder = OutFolder.make(out.resolve(FIGURES));
        for (Figure figure : SweepPage.of(sweep, "sweep").figures()) {
            Path svg = folder.resolve(figure.name() + ".svg");
            AtomicFiles.writeString(svg, SvgFile.text(figure));
            PngWriter.write(
                    figure.chart().draw(Chart.WIDE), folder.resolve(figure.name() + ".png"));
        }
    }
}
