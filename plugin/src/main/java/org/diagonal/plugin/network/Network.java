package org.diagonal.plugin.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diagonal.plugin.checkpoint.TensorType;
import org.diagonal.plugin.kernels.Precision;

/**
 * A network as its training sees it: ids in, one loss a target out.
 *
 * <p>B batch, T positions, V vocabulary. Input ids are (B, T) int64. Targets are what the network's
 * {@link Loss} takes. Results belong to the ids' manager.
 */
public interface Network {

    /** What is minimised, and with it the kind of targets. */
    Loss loss();

    /** All parameters by their names in a checkpoint, in its order. */
    Map<String, Parameter> parameters();

    /** Who owns the parameters; lives as long as the network. */
    default NDManager owner() {
        return parameters().values().iterator().next().getArray().getManager();
    }

    /** The names of the parameters that are identity scalings. */
    Set<String> scalings();

    /**
     * The names of the parameters that do nothing but read out what the network says; none where
     * the embedding does that, too.
     */
    Set<String> head();

    /**
     * The names of the parameters after the last layer, of a head that is not the embedding: what
     * reads out, and no more.
     */
    Set<String> readout();

    /** The names of parameters that no training moves. */
    default Set<String> still() {
        return Set.of();
    }

    /** The matrices that make queries, keys and values, layer by layer; none without heads. */
    default List<Projection> projections() {
        return List.of();
    }

    /**
     * Says in which precision products are from now on, and takes the values of the parameters as
     * they are now. To be called again when they changed: in bfloat16, passes would not see it.
     * Without a call, products are float32.
     */
    void prepare(Precision precision);

    /** Lets gradients begin with the next pass backward, whatever they are now. */
    void clearGradients();

    /**
     * One pass forward and backward: adds to the gradients of every parameter that is not frozen
     * those of {@code scale} times the sum of the losses.
     *
     * @param collector the open collector; one pass at a time
     * @param scale factor of the gradients, such as 1 by the number of targets in a step
     * @return the sum of the losses, not scaled
     */
    double backward(
            ParameterStore store,
            GradientCollector collector,
            NDArray inputIds,
            NDArray targets,
            double scale);

    /**
     * The loss of every scored target, one after the other in the targets' order, without dropout.
     *
     * @return (number of scored targets) float32
     */
    NDArray losses(ParameterStore store, NDArray inputIds, NDArray targets);

    /**
     * What the network says where a template is read out, without dropout.
     *
     * @return (B, V) logits of the symbols for {@link Loss#NATS}, (B) for {@link
     *     Loss#SQUARED_ERROR}
     */
    NDArray output(ParameterStore store, NDArray inputIds);

    /**
     * Writes {@code config.json} and {@code model.safetensors} into a folder, each beside its place
     * and moved; the configuration comes last.
     *
     * @param type F32 or F16
     */
    void save(Path folder, TensorType type) throws IOException;

    /**
     * Overwrites the values with those of a folder that holds the very same tensors; the
     * parameters' arrays stay the same arrays.
     */
    void restore(Path folder) throws IOException;
}
