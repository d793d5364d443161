package org.diagonal.eval.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.diagonal.eval.record.Form;
import org.diagonal.plugin.finetune.TrainingResult;
import org.diagonal.plugin.network.Loss;
import org.diagonal.plugin.run.RunFolder;

/**
 * A training that has ended, as {@code result.json} keeps it.
 *
 * @param folder the run's folder
 * @param outcome why it ended
 * @param steps optimizer steps
 * @param tokens input ids seen
 * @param bestStep the step of the best evaluation
 * @param bestLoss its loss per target
 * @param loss what the loss is
 * @param trainableParameters numbers that moved
 * @param parameters numbers in all
 * @param seconds since the run was started last
 */
public record TrainedRun(
        Path folder,
        TrainingResult.Outcome outcome,
        long steps,
        long tokens,
        OptionalLong bestStep,
        OptionalDouble bestLoss,
        Loss loss,
        long trainableParameters,
        long parameters,
        double seconds) {

    private static final Form<Keys> FORM = Form.of(RunFolder.RESULT, Keys.class, 1, Map.of());

    /** {@code result.json}; files of version 0.1.0 of texts have no {@code loss}. */
    private record Keys(
            int version,
            TrainingResult.Outcome outcome,
            long steps,
            long tokens,
            OptionalLong bestStep,
            Optional<Loss> loss,
            OptionalDouble bestValidLoss,
            OptionalDouble bestValidPerplexity,
            long trainableParameters,
            long parameters,
            double seconds) {}

    /** The folder of the model to be measured: the best on validation, else the last. */
    public Path model() {
        return RunFolder.bestModel(folder);
    }

    /** The text of the file. */
    String json() {
        OptionalDouble perplexity =
                bestLoss.isPresent() && loss == Loss.NATS
                        ? OptionalDouble.of(Math.exp(bestLoss.getAsDouble()))
                        : OptionalDouble.empty();
        return FORM.text(
                new Keys(
                        FORM.version(),
                        outcome,
                        steps,
                        tokens,
                        bestStep,
                        Optional.of(loss),
                        bestLoss,
                        perplexity,
                        trainableParameters,
                        parameters,
                        seconds));
    }

    /**
     * Reads a finished run.
     *
     * @throws IOException in one line, if its result is of another version or not whole
     */
    public static TrainedRun read(Path folder) throws IOException {
        Keys keys = FORM.read(folder);
        return new TrainedRun(
                folder,
                keys.outcome,
                keys.steps,
                keys.tokens,
                keys.bestStep,
                keys.bestValidLoss,
                keys.loss.orElse(Loss.NATS),
                keys.trainableParameters,
                keys.parameters,
                keys.seconds);
    }
}
