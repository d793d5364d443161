package org.diagonal.eval.measure;

import java.util.Optional;
import java.util.OptionalLong;
import org.diagonal.plugin.kernels.Precision;
import org.diagonal.plugin.kernels.Products;

/**
 * Which model was measured, for people and for records.
 *
 * @param name the model's name or path
 * @param adapter the path of the adapter that was laid over it
 * @param step the optimizer step after which a training saved it; with an adapter, the adapter's
 * @param precision of the operands of products
 * @param products the library that made float32 products; empty where it is not known
 * @param changedScalings how its scalings were changed for the measurement; empty for a model as it
 *     is
 */
public record MeasuredModel(
        String name,
        Optional<String> adapter,
        OptionalLong step,
        Precision precision,
        Optional<String> products,
        Optional<ChangedScalings> changedScalings) {

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

    /** A model of which it is not known what made the products. */
    public MeasuredModel(String name, Optional<String> adapter, OptionalLong step) {
        this(name, adapter, step, Precision.F32, Optional.empty(), Optional.empty());
    }

    /** The same model, computed by this process in a precision. */
    public MeasuredModel computed(Precision other) {
        return new MeasuredModel(
                name,
                adapter,
                step,
                other,
                Optional.of(Products.ofProcess().toString()),
                changedScalings);
    }

    /** The same model with its scalings changed. */
    public MeasuredModel changed(ChangedScalings change) {
        return new MeasuredModel(name, adapter, step, precision, products, change.ifAny());
    }

    /** How its scalings were changed, in words; empty for a model as it is. */
    public String change() {
        return changedScalings.map(ChangedScalings::toString).orElse("");
    }

    /** A model that no training of ours saved. */
    public static MeasuredModel of(String name) {
        return new MeasuredModel(name, Optional.empty(), OptionalLong.empty());
    }

    /** All of it in one line: {@code nano with adapter runs/few, step 24}. */
    public String title() {
        return name
                + adapter.map(path -> " with adapter " + path).orElse("")
                + (step.isPresent() ? ", step " + step.getAsLong() : "")
                + (precision == Precision.F32 ? "" : ", " + precision)
                + changedScalings.map(change -> ", " + change).orElse("");
    }
}
