package org.diagonal.eval.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.diagonal.plugin.files.JsonFile;

/**
 * The files that make a folder a whole model: configuration, weights in one file or in shards, and
 * the tokenizer in one file or in two.
 */
final class ModelFiles {

    static final String CONFIG = "config.json";
    static final String GENERATION = "generation_config.json";
    static final String TOKENIZER = "tokenizer.json";
    static final List<String> OLD_TOKENIZER = List.of("vocab.json", "merges.txt");
    static final String WEIGHTS = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    private ModelFiles() {}

    /** What the folder lacks to be whole, by the names under which it may be put there. */
    static List<String> missing(Path folder, Card card) throws IOException {
        List<String> missing = new ArrayList<>();
        if (!has(folder, card, CONFIG)) {
            missing.add(CONFIG);
        }
        missing.addAll(missingTokenizer(folder, card));
        missing.addAll(missingWeights(folder, card));
        return missing;
    }

    static List<String> missingTokenizer(Path folder, Card card) throws IOException {
        if (has(folder, card, TOKENIZER)) {
            return List.of();
        }
        for (String name : OLD_TOKENIZER) {
            if (!has(folder, card, name)) {
                return List.of(TOKENIZER);
            }
        }
        return List.of();
    }

    static List<String> missingWeights(Path folder, Card card) throws IOException {
        if (has(folder, card, WEIGHTS)) {
            return List.of();
        }
        if (!has(folder, card, INDEX)) {
            return List.of(WEIGHTS);
        }
        List<String> missing = new ArrayList<>();
        for (String shard : shards(folder.resolve(INDEX))) {
            if (!has(folder, card, shard)) {
                missing.add(shard);
            }
        }
        return missing;
    }

    private static boolean has(Path folder, Card card, String name) throws IOException {
        return card.pin(name).fits(folder.resolve(name));
    }

    /** The names of the files that an index of shards speaks of, sorted. */
    static List<String> shards(Path index) throws IOException {
        JsonNode map = JsonFile.read(index).path("weight_map");
        TreeSet<String> names = new TreeSet<>();
        for (JsonNode name : map) {
            if (!name.asText().matches("[\\w.-]+\\.safetensors")) {
                throw new IOException(
                        index
                                + ": weight_map must name .safetensors files beside it, found "
                                + name);
            }
            names.add(name.asText());
        }
        if (names.isEmpty()) {
            throw new IOException(index + ": expected file names in weight_map, found none");
        }
        return List.copyOf(names);
    }
}
