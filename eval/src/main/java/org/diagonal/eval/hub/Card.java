package org.diagonal.eval.hub;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of a model or a data set by name: {@code models/NAME.yaml} or {@code
 * models/data/NAME.yaml}.
 *
 * @param name what users write
 * @param about one line for listings
 * @param license of the files, in the words of its source
 * @param source repository on the hub, as in {@code openai-community/gpt2}; empty for a bundled one
 * @param revision commit of that repository; empty for its newest
 * @param parameters number of trained numbers
 * @param bundled whether the files lie on the class path under {@code models/NAME/}
 * @param checked whether sizes and hashes were compared with the source, not only quoted
 * @param files path in the repository to what is known of that file, in the order of the card
 */
public record Card(
        @JsonProperty(required = true) String name,
        @JsonProperty(required = true) Kind kind,
        @JsonProperty(required = true) String about,
        @JsonProperty(required = true) String license,
        Optional<String> source,
        Optional<String> revision,
        OptionalLong parameters,
        boolean bundled,
        boolean checked,
        @JsonProperty(required = true) Map<String, Pin> files) {

    /** What a card describes. */
    public enum Kind {
        MODEL("model", "models"),
        DATA("data set", "data");

        private final String word;
        private final String folder;

        Kind(String word, String folder) {
            this.word = word;
            this.folder = folder;
        }

        /** The word for messages. */
        String word() {
            return word;
        }

        /** The folder of its files in the cache. */
        String folder() {
            return folder;
        }
    }

    /** Refuses cards without files, or of which it is not clear where these are from. */
    public Card {
        if (bundled == source.isPresent()) {
            throw new IllegalArgumentException(
                    name + " must either be bundled or have a source: " + source.orElse("none"));
        }
        if (files.containsValue(null)) {
            throw new IllegalArgumentException(name + " has a file without {}: " + files);
        }
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
        if (files.isEmpty()) {
            throw new IllegalArgumentException(name + " names no files");
        }
    }

    /** What the card knows of a file of its repository; a file it does not name may exist too. */
    Pin pin(String path) {
        return files.getOrDefault(path, Pin.NONE);
    }
}
