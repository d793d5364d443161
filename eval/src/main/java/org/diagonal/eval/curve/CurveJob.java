package org.diagonal.eval.curve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.diagonal.eval.record.OutFolder;
import org.diagonal.eval.record.Records;
import org.diagonal.eval.source.Setting;
import org.diagonal.eval.source.SettingException;
import org.diagonal.eval.trial.Shard;
import org.diagonal.eval.trial.TrialBatch;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.run.RunFolder;

/**
 * Runs the trials of a curve that have no file yet, and draws the curve once all have one.
 *
 * @param plan the curve
 * @param shard this job's share of its trials
 * @param keepsModels whether trials keep their networks
 */
public record CurveJob(CurvePlan plan, Shard shard, boolean keepsModels) {

    private static final OutFolder OUT =
            new OutFolder("curve", Curve.FORM.file(), "curve\\.json|trials");

    /**
     * How a job ended.
     *
     * @param trials of the whole curve
     * @param missing of these, the ones that other shards have not run yet
     * @param curve the whole curve, if nothing is missing
     */
    public record Outcome(int trials, int missing, Optional<Curve> curve) {}

    /**
     * Runs the trials that have no file yet, and writes the curve once all have one.
     *
     * @param out holds {@code trials/}, {@code curve.csv} and {@code curve.json}
     * @return empty if the process was asked to end
     * @throws IllegalArgumentException if the folder holds another curve; before anything is run
     */
    public Optional<Outcome> run(Path out, TrialBatch.Running running) throws IOException {
        check(out);
        Optional<TrialBatch.Outcome> ended =
                running.run(new TrialBatch(plan.all(), shard, keepsModels));
        if (ended.isEmpty() || ended.get().missing() > 0) {
            return ended.map(
                    batch -> new Outcome(batch.trials(), batch.missing(), Optional.empty()));
        }
        Curve curve = Curve.of(plan, ended.get().results(), ReferenceFigures.bundled());
        AtomicFiles.writeString(out.resolve(CurveTable.FILE), CurveTable.text(curve));
        Curve.FORM.write(out, curve);
        return Optional.of(new Outcome(ended.get().trials(), 0, Optional.of(curve)));
    }

    private void check(Path out) throws IOException {
        OUT.refuse(out, RunFolder.RUN);
        OUT.require(out);
        OUT.refuse(out, "sweep.json", "settings.json");
        requireSame(out);
    }

    /**
     * Refuses a folder whose curve is of something else. Arms, n and trials may be others: the
     * trials of both stay.
     *
     * @throws IllegalArgumentException naming the first thing that differs and both values
     */
    private void requireSame(Path out) throws IOException {
        if (!Curve.FORM.isIn(out)) {
            return;
        }
        Curve before = Curve.FORM.read(out);
        if (before.pooled().isPresent()) {
            throw new SettingException(
                    out
                            + " holds a curve of an earlier version, whose trials drew their"
                            + " batches in another way; choose another folder",
                    Setting.OUT);
        }
        Optional<Records.Difference> other = Records.difference(plan.settings(), before.settings());
        if (other.isPresent()) {
            throw new SettingException(
                    "%s holds a curve with %s; choose another folder"
                            .formatted(out, other.get().present()),
                    Setting.OUT);
        }
    }
}
