package org.diagonal.eval.cli.option;

import java.util.Optional;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Numbers;
import org.diagonal.eval.cli.console.Purpose;
import org.diagonal.plugin.finetune.TrainingSettings;
import picocli.CommandLine.Option;

/** What a run keeps, when, and how it goes on after an interruption. */
@Heading("Run folder")
@Purpose(Purpose.Of.TRAINING)
public final class RunOptions {

    /** What to do with a run folder that holds an unfinished run. */
    public enum Resume {
        AUTO,
        NEVER
    }

    /** The element type of the weights in a finished model folder. */
    public enum SavedType {
        F32,
        F16
    }

    @Option(names = "--eval-every", description = "steps between evaluations [an epoch]")
    public Optional<Integer> evalEvery;

    @Option(names = "--save-every", description = "steps between checkpoints [--eval-every]")
    public Optional<Integer> saveEvery;

    @Option(names = "--keep", description = "newest checkpoints kept, beside the best model")
    public int keep = TrainingSettings.DEFAULTS.keep();

    @Option(
            names = "--patience",
            converter = Numbers.Whole.class,
            description = "stop after N evaluations without improvement; 0 = off")
    public int patience = TrainingSettings.DEFAULTS.patience();

    @Option(
            names = "--resume",
            arity = "0..1",
            fallbackValue = "auto",
            description =
                    "resume an interrupted run in the folder, or refuse it; compare --resume finds"
                            + " the last interrupted comparison and its options")
    public Resume resume = Resume.AUTO;

    @Option(names = "--dtype", description = "element type of the saved final model")
    public SavedType dtype = SavedType.F32;

    @Option(
            names = "--plan",
            description = "measure a step, print the time, memory and disk needed, write nothing")
    public boolean plan;

    @Option(
            names = "--tensorboard",
            description = "also write metrics.csv as a TensorBoard event file")
    public boolean tensorboard;

    /** Settings with what these options say; {@link #evalEvery} and {@link #saveEvery} left out. */
    public TrainingSettings on(TrainingSettings settings) {
        return settings.withKeep(keep).withPatience(patience);
    }
}
