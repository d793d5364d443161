package org.diagonal.eval.measure;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which model was measured, for people and for records.
 *
 * @param name the model's name or path
 * @param adapter the path of the adapter that was laid over it
 * @param step the optimizer step after which a training saved it; with an adapter, the adapter's
 */
public record MeasuredModel(String name, Optional<String> adapter, OptionalLong step) {

    /** Refuses blank names and steps below 0. */
    public MeasuredModel {
        if (name.isBlank() || adapter.filter(String::isBlank).isPresent()) {
            throw new IllegalArgumentException(
                    "model and adapter must not be blank: '%s', '%s'"
                            .formatted(name, adapter.orElse("none")));
        }
        if (step.isPresent() && step.getAsLong() < 0) {
            throw new IllegalArgumentException("step must not be negative: " + step.getAsLong());
        }
    }

    /** A model that no training of ours saved. */
    public static MeasuredModel of(String name) {
        return new MeasuredModel(name, Optional.empty(), OptionalLong.empty());
    }

    /** All of it in one line: {@code nano with adapter runs/few, step 24}. */
    public String title() {
        return name
                + adapter.map(path -> " with adapter " + path).orElse("")
                + (step.isPresent() ? ", step " + step.getAsLong() : "");
    }
}
