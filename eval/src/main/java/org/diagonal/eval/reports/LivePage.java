package org.diagonal.eval.reports;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.diagonal.eval.report.page.Block;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.report.page.Written;
import org.diagonal.eval.train.ArmRuns;
import org.diagonal.eval.train.TrainingFigures;
import org.diagonal.eval.train.TrainingFolder;
import org.diagonal.eval.trajectory.TrajectoryFigures;

/** A training that is not finished, as far as its metrics go. */
final class LivePage {

    private LivePage() {}

    static Page of(Path folder, String id) throws IOException {
        TrainingFolder training = TrainingFolder.sofar(folder);
        List<ArmRuns> arms = ArmRuns.of(training, List.of());
        List<Page.Section> sections = new ArrayList<>();
        if (training.result().steps() > 0) {
            List<Block> learning = new ArrayList<>(TrainingFigures.of(arms));
            learning.addAll(TrajectoryFigures.of(folder));
            sections.add(new Page.Section("Learning", learning));
        }
        return new Page(
                id,
                "Training, not finished",
                training.title(),
                List.of(
                        "Step %s of %s. This page shows what there was when it was made."
                                .formatted(
                                        Written.count(training.result().steps()),
                                        training.settings().getOrDefault("max_steps", "?"))),
                sections);
    }
}
