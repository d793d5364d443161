package org.diagonal.eval.evaluate;

import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.nio.FloatBuffer;
import org.diagonal.plugin.network.Network;
import org.diagonal.plugin.onnx.run.OnnxModel;
import org.diagonal.plugin.onnx.run.OnnxStep;

/** What a network says where a template is read out. */
@FunctionalInterface
public interface Readout {

    /**
     * Reads some strings.
     *
     * @param inputIds (B, T)
     * @return (B, V) logits of the symbols, or (B) real numbers, one row after the other
     */
    float[] outputs(long[][] inputIds);

    /**
     * That of a network in DJL.
     *
     * @param manager owns its parameters
     */
    static Readout of(Network network, NDManager manager) {
        ParameterStore store = new ParameterStore(manager, false);
        return inputIds -> {
            try (NDManager step = manager.newSubManager()) {
                return network.output(store, step.create(inputIds)).toFloatArray();
            }
        };
    }

    /** That of an exported model in ONNX Runtime. */
    static Readout of(OnnxModel model) {
        return inputIds -> {
            int size = model.outputs();
            float[] outputs = new float[inputIds.length * size];
            try (OnnxStep step = model.run(inputIds)) {
                FloatBuffer logits = step.logits();
                int positions = model.readsLastAlone() ? 1 : inputIds[0].length;
                for (int row = 0; row < inputIds.length; row++) {
                    int last = (row + 1) * positions - 1;
                    logits.get(last * size, outputs, row * size, size);
                }
            }
            return outputs;
        };
    }
}
