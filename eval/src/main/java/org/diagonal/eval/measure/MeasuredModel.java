package org.diagonal.eval.measure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalLong;
import org.diagonal.eval.record.JsonKeys;

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

    /** Adds {@code model}, {@code adapter} and {@code step} to a result. */
    public void write(ObjectNode root) {
        root.put("model", name);
        adapter.ifPresent(path -> root.put("adapter", path));
        step.ifPresent(number -> root.put("step", number));
    }

    /** Reads what {@link #write} wrote; files of version 0.1.0 have the name alone. */
    public static MeasuredModel read(JsonKeys keys) {
        return new MeasuredModel(
                keys.text("model"),
                keys.has("adapter") ? Optional.of(keys.text("adapter")) : Optional.empty(),
                keys.has("step") ? OptionalLong.of(keys.integer("step")) : OptionalLong.empty());
    }
}
