package org.diagonal.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.diagonal.eval.record.Records;
import org.diagonal.eval.source.ModelSource;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.plugin.files.JsonFile;
import org.diagonal.plugin.gpt2.Gpt2Config;
import org.diagonal.plugin.run.RunFolder;
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

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where an exported folder's {@code config.json} keeps it. */
    private static final String EXPORTED = "template_task";

    /** A model's configuration with the setting that it was trained with, if it was on a task. */
    public static Gpt2Config kept(ModelSource model) throws IOException {
        Gpt2Config config = model.config();
        Optional<TaskSetting> setting = of(model.folder());
        if (setting.isEmpty()) {
            return config;
        }
        ObjectNode node = (ObjectNode) JSON.readTree(config.json());
        node.set(EXPORTED, Records.tree(setting.get().keys()));
        return Gpt2Config.parse(node.toPrettyString());
    }

    /** The setting under its keys in {@code run.json}. */
    public record Keys(
            String symbols, int trainAlphabet, int validAlphabet, int testAlphabet, long dataSeed) {

        private TaskSetting setting() {
            if (!List.of("words", "names").contains(symbols)) {
                throw new IllegalArgumentException(
                        "key symbols: expected words or names, found " + symbols);
            }
            return new TaskSetting(
                    new AlphabetSizes(trainAlphabet, validAlphabet, testAlphabet),
                    SymbolKind.valueOf(symbols.toUpperCase(Locale.ROOT)),
                    dataSeed);
        }
    }

    /** The setting as files keep it. */
    public Keys keys() {
        return new Keys(
                symbols.toString(),
                alphabets.training(),
                alphabets.validation(),
                alphabets.test(),
                seed);
    }

    /**
     * The setting that a model was trained with: its symbols must not be taken for unseen ones.
     *
     * @param model a run folder, or its {@code last}, or what was exported from one
     * @return empty if the folder is no run on a task
     */
    public static Optional<TaskSetting> of(Path model) throws IOException {
        for (Path folder : new Path[] {model, model.resolve("..")}) {
            Path record = folder.resolve(RunFolder.RUN);
            if (Files.exists(record)) {
                JsonNode settings = JsonFile.read(record).path("settings");
                return settings.has("task_sha256")
                        ? Optional.of(parse(record, settings))
                        : Optional.empty();
            }
        }
        Path config = model.resolve("config.json");
        JsonNode exported = JsonFile.read(config).path(EXPORTED);
        return exported.isObject() ? Optional.of(parse(config, exported)) : Optional.empty();
    }

    private static TaskSetting parse(Path file, JsonNode settings) throws FileSystemException {
        ObjectNode keys = settings.deepCopy();
        Records.gather(keys, EXPORTED, Keys.class, true);
        try {
            return Records.read(keys.path(EXPORTED), Keys.class).setting();
        } catch (IllegalArgumentException e) {
            throw FileFault.of(file, e.getMessage(), e);
        }
    }
}
