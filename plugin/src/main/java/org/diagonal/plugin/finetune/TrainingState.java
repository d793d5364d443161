package org.diagonal.plugin.finetune;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.diagonal.plugin.checkpoint.JsonFile;

/**
 * Where a training stands, beside the weights and the moments: {@code trainer_state.json}.
 *
 * @param step optimizer steps done, skipped ones included
 * @param updates steps that moved the parameters
 * @param tokens input ids seen
 * @param skipped steps skipped in a row just now, for a loss that was not finite
 * @param bestStep the step of the best evaluation; 0 before the first
 * @param bestLoss its loss per target; null before the first
 * @param evaluationsSinceBest evaluations without improvement
 * @param unevaluated the last step, if the training was interrupted in the evaluation after it;
 *     else null, and not in the file
 */
record TrainingState(
        long step,
        long updates,
        long tokens,
        int skipped,
        long bestStep,
        Double bestLoss,
        int evaluationsSinceBest,
        @JsonInclude(JsonInclude.Include.NON_NULL) Unevaluated unevaluated) {

    /** What a step's row of the metrics needs beside the state; see {@link TrainingStep}. */
    record Unevaluated(
            double epoch, double lr, double loss, double gradNorm, double tokensPerSecond) {}

    static final TrainingState START = new TrainingState(0, 0, 0, 0, 0, null, 0, null);

    static final String FILE = "trainer_state.json";

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean isIn(Path checkpoint) {
        return Files.exists(checkpoint.resolve(FILE));
    }

    static TrainingState read(Path checkpoint) throws IOException {
        Path file = checkpoint.resolve(FILE);
        try {
            return JSON.readValue(Files.readString(file), TrainingState.class);
        } catch (JsonProcessingException e) {
            throw new IOException(file + ": not a training state: " + e.getOriginalMessage(), e);
        }
    }

    /** The step alone; empty if the file is another program's, such as Hugging Face's Trainer's. */
    static OptionalLong readStep(Path model) throws IOException {
        JsonNode step = JsonFile.read(model.resolve(FILE)).path("step");
        return step.isIntegralNumber() ? OptionalLong.of(step.asLong()) : OptionalLong.empty();
    }

    /** Whether the evaluations have not improved for as long as a patience lasts; 0 is endless. */
    boolean isExhausted(int patience) {
        return patience > 0 && evaluationsSinceBest >= patience;
    }

    TrainingState afterStep(boolean updated, long seen) {
        return new TrainingState(
                step + 1,
                updates + (updated ? 1 : 0),
                tokens + seen,
                updated ? 0 : skipped + 1,
                bestStep,
                bestLoss,
                evaluationsSinceBest,
                null);
    }

    /** This state where the evaluation after its step was interrupted. */
    TrainingState awaitingEvaluation(TrainingStep last) {
        return new TrainingState(
                step,
                updates,
                tokens,
                skipped,
                bestStep,
                bestLoss,
                evaluationsSinceBest,
                new Unevaluated(
                        last.epoch(),
                        last.lr(),
                        last.loss(),
                        last.gradNorm(),
                        last.tokensPerSecond()));
    }

    /** The step whose evaluation is still to be done, if there is one. */
    Optional<TrainingStep> awaited() {
        return Optional.ofNullable(unevaluated)
                .map(
                        last ->
                                new TrainingStep(
                                        step,
                                        last.epoch,
                                        tokens,
                                        last.lr,
                                        last.loss,
                                        last.gradNorm,
                                        OptionalDouble.empty(),
                                        last.tokensPerSecond));
    }

    TrainingState afterEvaluation(double loss) {
        boolean better = Double.isFinite(loss) && (bestLoss == null || loss < bestLoss);
        return new TrainingState(
                step,
                updates,
                tokens,
                skipped,
                better ? step : bestStep,
                better ? (Double) loss : bestLoss,
                better ? 0 : evaluationsSinceBest + 1,
                null);
    }
}
