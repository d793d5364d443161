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
        List<String> missing = new ArrayList<>(missing(folder, card, List.of(CONFIG)));
        missing.addAll(missingTokenizer(folder, card));
        missing.addAll(missingWeights(folder, card));
        return missing;
    }

    static List<String> missingTokenizer(Path folder, Card card) throws IOException {
        boolean whole =
                has(folder, card, TOKENIZER) || missing(folder, card, OLD_TOKENIZER).isEmpty();
        return whole ? List.of() : List.of(TOKENIZER);
    }

    static List<String> missingWeights(Path folder, Card card) throws IOException {
        if (has(folder, card, WEIGHTS)) {
            return List.of();
        }
        return has(folder, card, INDEX)
                ? missing(folder, card, shards(folder.resolve(INDEX)))
                : List.of(WEIGHTS);
    }

    private static List<String> missing(Path folder, Card card, List<String> names)
            throws IOException {
        List<String> missing = new ArrayList<>();
        for (String name : names) {
            if (!has(folder, card, name)) {
                missing.add(name);
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
                        "%s: weight_map must name .safetensors files beside it, found %s"
                                .formatted(index, name));
            }
            names.add(name.asText());
        }
        if (names.isEmpty()) {
            throw new IOException(index + ": expected file names in weight_map, found none");
        }
        return List.copyOf(names);
    }
}
