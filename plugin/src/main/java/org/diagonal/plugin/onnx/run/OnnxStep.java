package org.diagonal.plugin.onnx.run;

import ai.onnxruntime.OnnxTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * What one call computed, and the cache that the next one may go on from. Close it when the next is
 * there.
 *
 * <p>Letters: B batch, S new positions, P past positions, V vocabulary.
 */
public final class OnnxStep implements AutoCloseable {

    private final Map<String, OnnxTensor> present; // (B, H, P + S, d), all of them its own
    private final ByteBuffer logits;
    private final int batch;
    private final int total;

    OnnxStep(Map<String, OnnxTensor> present, ByteBuffer logits, int batch, int total) {
        this.present = present;
        this.logits = logits;
        this.batch = batch;
        this.total = total;
    }

    /** The cache by the names of its parts. */
    Map<String, OnnxTensor> present() {
        return present;
    }

    /**
     * Logits (B, S, V), or (B, 1) of a model that reads out the last position alone; a view that
     * holds until the model's next call.
     */
    public FloatBuffer logits() {
        return logitBytes().asFloatBuffer();
    }

    /** The same as direct memory, which an NDArray can be made of without a copy. */
    public ByteBuffer logitBytes() {
        return logits.duplicate().order(ByteOrder.nativeOrder());
    }

    /** B. */
    public int batch() {
        return batch;
    }

    /** P + S: the positions that the cache holds. */
    public int length() {
        return total;
    }

    /** Frees the cache. */
    @Override
    public void close() {
        present.values().forEach(OnnxTensor::close);
    }
}
