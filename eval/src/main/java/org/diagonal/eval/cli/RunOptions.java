package org.diagonal.eval.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** What a run keeps, when, and how it goes on after an interruption. */
@Heading("Run folder")
final class RunOptions {

    /** What to do with a run folder that holds an unfinished run. */
    enum Resume {
        AUTO,
        NEVER
    }

    /** The element type of the weights in a finished model folder. */
    enum SavedType {
        F32,
        F16
    }

    @Option(
            names = "--eval-every",
            paramLabel = "N",
            converter = Numbers.Positive.class,
            description = "steps between evaluations [an epoch]")
    Optional<Integer> evalEvery;

    @Option(
            names = "--save-every",
            paramLabel = "N",
            converter = Numbers.Positive.class,
            description = "steps between checkpoints [--eval-every]")
    Optional<Integer> saveEvery;

    @Option(
            names = "--keep",
            paramLabel = "N",
            converter = Numbers.Positive.class,
            description = "newest checkpoints kept, beside the best model")
    int keep = 2;

    @Option(
            names = "--patience",
            paramLabel = "N",
            converter = Numbers.Whole.class,
            description = "evaluations without gain to stop after; 0 = off")
    int patience;

    @Option(
            names = "--resume",
            paramLabel = "auto|never",
            description = "go on with an interrupted run, or refuse it")
    Resume resume = Resume.AUTO;

    @Option(
            names = "--dtype",
            paramLabel = "f32|f16",
            description = "element type of the saved final model")
    SavedType dtype = SavedType.F32;

    @Option(names = "--tensorboard", description = "metrics.csv as an event file, too")
    boolean tensorboard;
}
