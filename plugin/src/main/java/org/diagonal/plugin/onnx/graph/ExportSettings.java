package org.diagonal.plugin.onnx.graph;

import java.util.List;
import java.util.Set;

/**
 * How a model is written.
 *
 * @param cacheLayout what is remembered between calls
 * @param dtypes the forms that are written into one folder, each at most once
 * @param opset the version of ONNX's operators, {@value #OLDEST_OPSET} to {@value #NEWEST_OPSET}
 * @param externalData whether weights lie beside the file
 * @param attentions whether attention weights are outputs, {@code attentions.N} (B, H, S, P + S)
 * @param tolerance of the check against DJL: the largest difference of a logit, to which 1e-5 of
 *     the logit's size is added; quantized forms are measured instead
 */
public record ExportSettings(
        CacheLayout cacheLayout,
        List<Dtype> dtypes,
        int opset,
        ExternalData externalData,
        boolean attentions,
        double tolerance) {

    /** The oldest opset that has LayerNormalization. */
    public static final int OLDEST_OPSET = 17;

    /** The newest opset that was tried. */
    public static final int NEWEST_OPSET = 21;

    /** Where weights lie. */
    public enum ExternalData {
        /** Beside the file if it would be larger than the 2 GB that a file may have. */
        AUTO,
        /** Beside the file. */
        ALWAYS,
        /** In the file. */
        NEVER
    }

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if there is no dtype or one is there twice, the opset is not
     *     supported, or the tolerance not positive
     */
    public ExportSettings {
        dtypes = List.copyOf(dtypes);
        if (dtypes.isEmpty() || Set.copyOf(dtypes).size() < dtypes.size()) {
            throw new IllegalArgumentException("dtypes must be given, each once: " + dtypes);
        }
        if (opset < OLDEST_OPSET || opset > NEWEST_OPSET) {
            throw new IllegalArgumentException(
                    "opset must be from %d to %d: %d".formatted(OLDEST_OPSET, NEWEST_OPSET, opset));
        }
        if (!(tolerance > 0 && tolerance < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("tolerance must be positive: " + tolerance);
        }
    }

    /** What a client that knows nothing of scalings can run: cache, float32, opset 17. */
    public static ExportSettings standard() {
        return new ExportSettings(
                CacheLayout.LAYERS,
                List.of(Dtype.FP32),
                OLDEST_OPSET,
                ExternalData.AUTO,
                false,
                1e-4);
    }

    /** The same with other forms. */
    public ExportSettings withDtypes(List<Dtype> others) {
        return new ExportSettings(cacheLayout, others, opset, externalData, attentions, tolerance);
    }

    /** The version of ONNX's file format that came with the opset. */
    int irVersion() {
        return switch (opset) {
            case 17, 18 -> 8;
            case 19, 20 -> 9;
            default -> 10;
        };
    }
}
