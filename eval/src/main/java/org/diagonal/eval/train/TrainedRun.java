package org.diagonal.eval.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.diagonal.plugin.files.JsonFile;
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

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** The folder of the model to be measured: the best on validation, else the last. */
    public Path model() {
        return RunFolder.bestModel(folder);
    }

    String json() throws IOException {
        ObjectNode node = JSON.createObjectNode();
        node.put("version", 1);
        node.put("outcome", outcome.name().toLowerCase(Locale.ROOT));
        node.put("steps", steps);
        node.put("tokens", tokens);
        bestStep.ifPresent(step -> node.put("best_step", step));
        node.put("loss", loss.name().toLowerCase(Locale.ROOT));
        bestLoss.ifPresent(best -> node.put("best_valid_loss", best));
        if (bestLoss.isPresent() && loss == Loss.NATS) {
            node.put("best_valid_perplexity", Math.exp(bestLoss.getAsDouble()));
        }
        node.put("trainable_parameters", trainableParameters);
        node.put("parameters", parameters);
        node.put("seconds", seconds);
        return JSON.writeValueAsString(node);
    }

    /**
     * Reads a finished run.
     *
     * @throws IOException in one line, if its result is of another version
     */
    public static TrainedRun read(Path folder) throws IOException {
        Path file = folder.resolve(RunFolder.RESULT);
        JsonNode node = JsonFile.read(file);
        if (node.path("version").asInt() != 1) {
            throw new IOException(file + ": version must be 1, found " + node.path("version"));
        }
        return new TrainedRun(
                folder,
                TrainingResult.Outcome.valueOf(
                        node.path("outcome").asText().toUpperCase(Locale.ROOT)),
                node.path("steps").asLong(),
                node.path("tokens").asLong(),
                node.has("best_step")
                        ? OptionalLong.of(node.path("best_step").asLong())
                        : OptionalLong.empty(),
                node.has("best_valid_loss")
                        ? OptionalDouble.of(node.path("best_valid_loss").asDouble())
                        : OptionalDouble.empty(),
                Loss.valueOf(node.path("loss").asText("nats").toUpperCase(Locale.ROOT)),
                node.path("trainable_parameters").asLong(),
                node.path("parameters").asLong(),
                node.path("seconds").asDouble());
    }
}
