package org.diagonal.plugin.finetune;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.diagonal.plugin.files.JsonFile;
import org.diagonal.plugin.files.TextFile;

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
public record TrainingState(
        long step,
        long updates,
        long tokens,
        int skipped,
        long bestStep,
        Double bestLoss,
        int evaluationsSinceBest,
        @JsonInclude(JsonInclude.Include.NON_NULL) Unevaluated unevaluated) {

    /** Names of checkpoint folders: this, then their step. */
    public static final String FOLDER = "step-";

    /** What a step's row of the metrics needs beside the state; see {@link TrainingStep}. */
    record Unevaluated(
            double epoch, double lr, double loss, double gradNorm, double tokensPerSecond) {}

    public static final TrainingState START = new TrainingState(0, 0, 0, 0, 0, null, 0, null);

    public static final String FILE = "trainer_state.json";

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .build();

    public String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    public static boolean isIn(Path checkpoint) {
        return Files.exists(checkpoint.resolve(FILE));
    }

    public static TrainingState read(Path checkpoint) throws IOException {
        Path file = checkpoint.resolve(FILE);
        try {
            TrainingState state =
                    Optional.ofNullable(JSON.readValue(TextFile.read(file), TrainingState.class))
                            .orElseThrow(() -> new IllegalArgumentException("it holds null"));
            state.require(checkpoint);
            return state;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            String why =
                    e instanceof JsonProcessingException json
                            ? json.getOriginalMessage()
                            : e.getMessage();
            throw new IOException(file + ": not a training state: " + why, e);
        }
    }

    /** Refuses what no training writes there. */
    private void require(Path checkpoint) {
        String folder = checkpoint.getFileName().toString();
        if (folder.startsWith(FOLDER) && !folder.equals(FOLDER + step)) {
            throw new IllegalArgumentException("step is %d in %s".formatted(step, folder));
        }
        for (long count : List.of(step, updates, tokens, (long) skipped, bestStep)) {
            if (count < 0) {
                throw new IllegalArgumentException("a count is negative: " + count);
            }
        }
        if (evaluationsSinceBest < 0 || evaluationsSinceBest > step) {
            throw new IllegalArgumentException(
                    "evaluations_since_best must be 0 to %d: %d"
                            .formatted(step, evaluationsSinceBest));
        }
        if (updates > step || skipped > step || bestStep > step) {
            throw new IllegalArgumentException(
                    "updates, skipped and best_step must be at most step: %d, %d, %d, %d"
                            .formatted(updates, skipped, bestStep, step));
        }
        if ((bestStep == 0) != (bestLoss == null)
                || (bestLoss != null && !Double.isFinite(bestLoss))) {
            throw new IllegalArgumentException(
                    "best_step and best_loss contradict each other: %d, %s"
                            .formatted(bestStep, bestLoss));
        }
    }

    /** The step alone; empty if the file is another program's, such as Hugging Face's Trainer's. */
    public static OptionalLong readStep(Path model) throws IOException {
        JsonNode step = JsonFile.read(model.resolve(FILE)).path("step");
        return step.isIntegralNumber() ? OptionalLong.of(step.asLong()) : OptionalLong.empty();
    }

    /** Whether the evaluations have not improved for as long as a patience lasts; 0 is endless. */
    public boolean isExhausted(int patience) {
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
    public Optional<TrainingStep> awaited() {
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
