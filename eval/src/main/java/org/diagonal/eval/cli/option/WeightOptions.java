package org.diagonal.eval.cli.option;

import java.io.IOException;
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.Purpose;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.eval.train.Start;
import org.diagonal.plugin.finetune.TrainingSettings.Trained;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which weights training begins with, and which of them move. */
@Heading("Training")
@Purpose(Purpose.Of.TRAINING)
public final class WeightOptions {

    /** What moves. */
    public enum Train {
        ALL,
        SCALINGS
    }

    /** Where the weights come from. */
    public enum Init {
        PRETRAINED,
        RANDOM,
        MIMETIC
    }

    @Option(names = "--train", description = "every parameter, or scalings (and a new head)")
    Train train = Train.ALL;

    @Option(names = "--init", description = "the model's weights, or random ones; see --beta")
    Init init = Init.PRETRAINED;

    @Mixin MimeticOptions mimetic;

    /** Which parameters move, a new head not considered. */
    public Trained trained() {
        return train == Train.ALL ? Trained.ALL : Trained.SCALINGS;
    }

    /**
     * Checks what no option can check alone.
     *
     * @throws ParameterException if numbers of mimetic weights are missing, or for other ones
     */
    public void check(GlobalOptions global) {
        mimetic.check(global, init == Init.MIMETIC);
    }

    /** What training begins with. */
    public Start of(ModelSource model) throws IOException {
        return init == Init.PRETRAINED
                ? Start.pretrained(model)
                : Start.random(model, mimetic.get());
    }
}
