package org.diagonal.eval.cli;

import org.diagonal.plugin.finetune.TrainingSettings.Trained;
import picocli.CommandLine.Option;

/** Which weights training begins with, and which of them move. */
@Heading("Training")
final class WeightOptions {

    /** What moves. */
    enum Train {
        ALL,
        SCALINGS
    }

    /** Where the weights come from. */
    enum Start {
        PRETRAINED,
        RANDOM
    }

    @Option(
            names = "--train",
            paramLabel = "all|scalings",
            description = "every parameter, or scalings (and a new head)")
    Train train = Train.ALL;

    @Option(
            names = "--init",
            paramLabel = "pretrained|random",
            description = "the model's weights, or random ones")
    Start start = Start.PRETRAINED;

    /** Which parameters move, a new head not considered. */
    Trained trained() {
        return train == Train.ALL ? Trained.ALL : Trained.SCALINGS;
    }
}
