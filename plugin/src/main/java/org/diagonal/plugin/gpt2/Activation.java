package org.diagonal.plugin.gpt2;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The MLP's activation under the names that {@code activation_function} has in Hugging Face. */
public enum Activation {
    /** Tanh approximation, GPT-2's own. */
    GELU_NEW("gelu_new", 0),
    /** The same approximation under PyTorch's name. */
    GELU_PYTORCH_TANH("gelu_pytorch_tanh", 0),
    /** Exact, by the error function. */
    GELU("gelu", 1),
    /** max(0, x). */
    RELU("relu", 2);

    private final String key;
    private final int kernel;

    Activation(String key, int kernel) {
        this.key = key;
        this.kernel = kernel;
    }

    /** The name in {@code config.json}. */
    public String key() {
        return key;
    }

    /** The number under which the kernels know it. */
    int kernel() {
        return kernel;
    }

    /**
     * The activation of a name.
     *
     * @throws IllegalArgumentException for a name that is not supported
     */
    public static Activation of(String key) {
        for (Activation activation : values()) {
            if (activation.key.equals(key)) {
                return activation;
            }
        }
        throw new IllegalArgumentException(
                "activation_function \""
                        + key
                        + "\" is not supported; supported are "
                        + Arrays.stream(values())
                                .map(Activation::key)
                                .collect(Collectors.joining(", ")));
    }
}
