package org.diagonal.eval.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.diagonal.eval.report.page.Block;
import org.diagonal.eval.report.page.Block.Fact;
import org.diagonal.eval.report.page.OriginSection;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.report.page.Page.Section;
import org.diagonal.eval.report.page.Written;
import org.diagonal.eval.trajectory.TrajectoryFigures;
import org.diagonal.plugin.network.Loss;

/** The report of one training. */
public final class TrainingPage {

    private TrainingPage() {}

    /** Reads the folder of a finished training. */
    public static Page of(Path folder, String id) throws IOException {
        TrainingFolder training = TrainingFolder.read(folder);
        List<ArmRuns> arms = ArmRuns.of(training, List.of(training.result().model()));
        List<Section> sections = new ArrayList<>();
        List<Block> learning = new ArrayList<>(TrainingFigures.of(arms));
        learning.addAll(TrajectoryFigures.of(folder));
        sections.add(new Section("Learning", learning));
        List<Block> learned = ScalingsFigures.of(arms);
        if (!learned.isEmpty()) {
            sections.add(new Section("What the scalings became", learned));
        }
        sections.add(new Section("Settings", List.of(OriginSection.facts(training.settings()))));
        sections.add(
                OriginSection.versions(
                        training.versions(), List.of(new Fact("begun", training.started()))));
        return new Page(id, "Training", training.title(), lead(training), sections);
    }

    private static List<String> lead(TrainingFolder training) {
        TrainedRun run = training.result();
        List<String> sentences = new ArrayList<>();
        if (run.bestLoss().isPresent()) {
            boolean nats = run.loss() == Loss.NATS;
            double best = run.bestLoss().getAsDouble();
            String before =
                    training.steps().stream()
                            .filter(step -> step.step() == 0 && step.validLoss().isPresent())
                            .findFirst()
                            .map(step -> before(step.validLoss().getAsDouble(), best, nats))
                            .orElse("");
            sentences.add(
                    "Best on validation at step %s: %s %s%s."
                            .formatted(
                                    Written.count(run.bestStep().getAsLong()),
                                    nats ? "perplexity" : "mean squared error",
                                    figure(best, nats),
                                    before));
        }
        sentences.add(
                "One training, seed %s: %s, %s, %s of %s parameters trained, %s."
                        .formatted(
                                training.settings().getOrDefault("seed", "not known"),
                                Written.count(run.steps(), "step"),
                                Written.count(run.tokens(), "token"),
                                Written.count(run.trainableParameters()),
                                Written.count(run.parameters()),
                                Written.time(run.seconds())));
        return sentences;
    }

    /** What training did, by the loss of the network as it was. */
    private static String before(double before, double best, boolean nats) {
        String words = figure(before, nats) + " before training";
        return best < before
                ? ", down from " + words
                : ", no better than %s: training did not help".formatted(words);
    }

    private static String figure(double loss, boolean nats) {
        return Written.fixed(nats ? Math.exp(loss) : loss, 4);
    }
}
