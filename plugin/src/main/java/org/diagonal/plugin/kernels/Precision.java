package org.diagonal.plugin.kernels;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

/**
 * What the operands of matrix products are. Weights, sums of gradients, LayerNorm, softmax, losses
 * and AdamW are float32 in any case.
 */
@API(status = Status.MAINTAINED, since = "0.1.0")
public enum Precision {
    /** float32. */
    @JsonProperty("f32")
    F32,
    /** bfloat16: 8 significant bits, the range of float32. */
    @JsonProperty("bf16")
    BF16;

    /** The name in files and on the command line. */
    @Override
    public String toString() {
        return this == F32 ? "f32" : "bf16";
    }

    /**
     * The precision of a name.
     *
     * @throws IllegalArgumentException for another name
     */
    public static Precision of(String name) {
        return switch (name) {
            case "f32" -> F32;
            case "bf16" -> BF16;
            default ->
                    throw new IllegalArgumentException(
                            "precision must be f32 or bf16: '" + name + "'");
        };
    }
}
