package org.diagonal.eval.cli;

import java.io.IOException;
import org.diagonal.eval.job.ModelSource;
import org.diagonal.eval.job.Start;
import org.diagonal.plugin.finetune.TrainingSettings.Trained;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which weights training begins with, and which of them move. */
@Heading("Training")
final class WeightOptions {

    /** Where the weights come from. */
    enum Init {
        PRETRAINED,
        RANDOM,
        MIMETIC
    }

    @Option(
            names = "--train",
            paramLabel = "all|scalings",
            description = "every parameter, or the scalings alone")
    Trained train = Trained.ALL;

    @Option(
            names = "--init",
            paramLabel = "pretrained|random|mimetic",
            description = "the model's weights, or random ones; see --beta")
    Init init = Init.PRETRAINED;

    @Mixin MimeticOptions mimetic;

    /**
     * Checks what no option can check alone.
     *
     * @throws ParameterException if numbers of mimetic weights are missing, or for other ones
     */
    void check(CommandSpec spec) {
        mimetic.check(spec, init == Init.MIMETIC);
    }

    /** What training begins with. */
    Start of(ModelSource model) throws IOException {
        return init == Init.PRETRAINED
                ? Start.pretrained(model)
                : Start.random(model, mimetic.get());
    }
}
