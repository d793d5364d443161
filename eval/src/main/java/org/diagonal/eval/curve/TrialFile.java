package org.diagonal.eval.curve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.diagonal.eval.measure.accuracy.TaskEvaluation;
import org.diagonal.eval.record.JsonKeys;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.files.JsonFile;

/**
 * {@code trials/HASH.json}: a trial's configuration, its result, and what it ran with.
 *
 * <p>The file is whole or not there. One that cannot be read was damaged by something else, so it
 * is refused by its name, never overwritten: whoever deletes it has the trial done again.
 */
final class TrialFile {

    private static final int VERSION = 1;

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private TrialFile() {}

    /** Where a trial's file is, in a folder of trials. */
    static Path of(Path trials, Trial trial) {
        return trials.resolve(trial.hash() + ".json");
    }

    /**
     * The result of a finished trial.
     *
     * @return empty if the trial has no file
     * @throws FileSystemException that names the file and what is wrong with it
     */
    static Optional<TrialResult> read(Path trials, Trial trial) throws IOException {
        Path file = of(trials, trial);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonKeys keys = new JsonKeys(JsonFile.read(file), "trial");
            keys.require("version", VERSION);
            requireSame(trial.json(), keys.value("trial"), "");
            TrialResult result = result(keys);
            keys.requireNoOthers();
            return Optional.of(result);
        } catch (NoSuchFileException e) {
            return Optional.empty(); // somebody has just deleted it
        } catch (IllegalArgumentException e) {
            throw damaged(file, e.getMessage(), e);
        } catch (FileSystemException e) {
            if (e.getReason() == null) {
                throw e; // no permission, say: the file may be whole
            }
            throw damaged(file, e.getReason(), e);
        }
    }

    private static FileSystemException damaged(Path file, String why, Throwable cause) {
        FileSystemException named =
                new FileSystemException(
                        file.toString(), null, why + "; delete it to have the trial done again");
        named.initCause(cause);
        return named;
    }

    private static void requireSame(JsonNode expected, JsonNode found, String path) {
        if (!expected.isObject()) {
            // As text: a number that was read has another type than the one that was written.
            if (!expected.asText().equals(found.asText())) {
                throw new IllegalArgumentException(
                        "is another trial: expected %s %s, found %s"
                                .formatted(path, expected, found));
            }
            return;
        }
        for (Iterator<String> names = expected.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            String below = path.isEmpty() ? name : path + "." + name;
            requireSame(expected.get(name), found.path(name), below);
        }
    }

    private static TrialResult result(JsonKeys keys) {
        JsonKeys result = new JsonKeys(keys.value("result"), "result");
        Map<String, String> versions = new TreeMap<>();
        keys.value("versions")
                .properties()
                .forEach(entry -> versions.put(entry.getKey(), entry.getValue().asText()));
        TrialResult read =
                new TrialResult(
                        result.small("best_epoch"),
                        result.number("valid_loss"),
                        TaskEvaluation.fromTree(result.value("unseen")),
                        TaskEvaluation.fromTree(result.value("seen")),
                        result.number("seconds"),
                        versions);
        result.value("test_loss");
        result.requireNoOthers();
        return read;
    }

    /** Writes a finished trial. */
    static void write(Path trials, Trial trial, TrialResult result) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", VERSION);
        root.set("trial", trial.json());
        ObjectNode node = root.putObject("result");
        node.put("best_epoch", result.bestEpoch());
        node.put("valid_loss", result.validLoss());
        node.put("test_loss", result.unseen().loss());
        node.set("unseen", result.unseen().toTree());
        node.set("seen", result.seen().toTree());
        node.put("seconds", result.seconds());
        root.set("versions", JSON.valueToTree(result.versions()));
        AtomicFiles.writeString(of(trials, trial), JSON.writeValueAsString(root) + "\n");
    }
}
