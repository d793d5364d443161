package org.diagonal.eval.hub;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
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
        String name,
        Kind kind,
        String about,
        String license,
        Optional<String> source,
        Optional<String> revision,
        OptionalLong parameters,
        boolean bundled,
        boolean checked,
        Map<String, Pin> files) {

    /** What a card describes. */
    public enum Kind {
        MODEL,
        DATA;

        /** The word for messages. */
        String word() {
            return switch (this) {
                case MODEL -> "model";
                case DATA -> "data set";
            };
        }

        @JsonCreator
        static Kind of(String text) {
            return Kind.valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

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

    @JsonCreator
    static Card of(
            @JsonProperty(value = "name", required = true) String name,
            @JsonProperty(value = "kind", required = true) Kind kind,
            @JsonProperty(value = "about", required = true) String about,
            @JsonProperty(value = "license", required = true) String license,
            @JsonProperty("source") String source,
            @JsonProperty("revision") String revision,
            @JsonProperty("parameters") Long parameters,
            @JsonProperty("bundled") boolean bundled,
            @JsonProperty("checked") boolean checked,
            @JsonProperty(value = "files", required = true) Map<String, Pin> files) {
        return new Card(
                name,
                kind,
                about,
                license,
                Optional.ofNullable(source),
                Optional.ofNullable(revision),
                parameters == null ? OptionalLong.empty() : OptionalLong.of(parameters),
                bundled,
                checked,
                files);
    }

    /** What the card knows of a file of its repository; a file it does not name may exist too. */
    Pin pin(String path) {
        return files.getOrDefault(path, Pin.NONE);
    }

    /** Sum of the sizes of all files that the card names; empty when it does not know one. */
    public OptionalLong bytes() {
        long sum = 0;
        for (Pin pin : files.values()) {
            if (pin.bytes().isEmpty()) {
                return OptionalLong.empty();
            }
            sum += pin.bytes().getAsLong();
        }
        return OptionalLong.of(sum);
    }
}
