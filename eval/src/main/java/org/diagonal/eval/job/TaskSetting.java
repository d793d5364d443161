package org.diagonal.eval.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.diagonal.plugin.checkpoint.JsonFile;
import org.diagonal.plugin.finetune.RunFolder;
import org.diagonal.templates.alphabet.AlphabetSizes;
import org.diagonal.templates.alphabet.SymbolKind;

/**
 * How strings of a task are drawn for a GPT-2.
 *
 * @param alphabets how many symbols training, validation and test have
 * @param symbols words or names
 * @param seed of the choice of symbols and of the strings
 */
public record TaskSetting(AlphabetSizes alphabets, SymbolKind symbols, long seed) {

    /** Writes the setting under the keys of {@code run.json}. */
    void put(ObjectNode node) {
        node.put("symbols", symbols.toString());
        node.put("train_alphabet", alphabets.training());
        node.put("valid_alphabet", alphabets.validation());
        node.put("test_alphabet", alphabets.test());
        node.put("data_seed", seed);
    }

    /**
     * The setting that a model was trained with: its symbols must not be taken for unseen ones.
     *
     * @param model a run folder, or its {@code best}
     * @return empty if the folder is no run on a task
     */
    static Optional<TaskSetting> of(Path model) throws IOException {
        for (Path folder : new Path[] {model, model.resolve("..")}) {
            Path record = folder.resolve(RunFolder.RUN);
            if (Files.exists(record)) {
                return of(JsonFile.read(record).path("settings"));
            }
        }
        return Optional.empty();
    }

    private static Optional<TaskSetting> of(JsonNode settings) {
        if (!settings.has("task_sha256")) {
            return Optional.empty();
        }
        return Optional.of(
                new TaskSetting(
                        new AlphabetSizes(
                                settings.path("train_alphabet").asInt(),
                                settings.path("valid_alphabet").asInt(),
                                settings.path("test_alphabet").asInt()),
                        SymbolKind.valueOf(
                                settings.path("symbols").asText().toUpperCase(Locale.ROOT)),
                        settings.path("data_seed").asLong()));
    }
}
