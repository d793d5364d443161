package org.diagonal.plugin.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import org.diagonal.plugin.kernels.Kernel;
import org.diagonal.plugin.kernels.Kernels;

/** What a network minimises: one loss for each kind of target. */
public enum Loss {
    /**
     * −log p of the target. Targets are (B, T) int64, −100 where nothing is scored; a network that
     * reads out one position scores the last and looks at no other.
     */
    NATS(DataType.INT64, 2, Kernel.NATS, Kernel.NATS_SUM),
    /** The square of the difference. Targets are (B) float32, one real number an example. */
    SQUARED_ERROR(DataType.FLOAT32, 1, Kernel.SQUARED_ERROR, Kernel.SQUARED_ERROR_SUM);

    private final DataType type;
    private final int dimensions;
    private final Kernel each;
    private final Kernel sum;

    Loss(DataType type, int dimensions, Kernel each, Kernel sum) {
        this.type = type;
        this.dimensions = dimensions;
        this.each = each;
        this.sum = sum;
    }

    /**
     * The loss of each example.
     *
     * @param output what was read out: (B, V) logits or (B)
     * @return (B) float32, owned by the output's manager
     */
    public NDArray each(NDArray output, NDArray targets) {
        require(targets);
        return Kernels.get().call(each, false, output, targets);
    }

    /**
     * Goes backward from what was read out, in training mode.
     *
     * @param scale factor of the gradients, not of the result
     * @return the sum of the examples' losses
     */
    public double backward(
            GradientCollector collector, NDArray output, NDArray targets, double scale) {
        require(targets);
        NDArray factor = output.getManager().create(scale);
        NDArray total = Kernels.get().call(sum, true, output, targets, factor);
        collector.backward(total);
        return total.getFloat();
    }

    /**
     * Refuses targets of another loss.
     *
     * @throws IllegalArgumentException naming type and shape
     */
    public void require(NDArray targets) {
        boolean fits =
                targets.getDataType() == type && targets.getShape().dimension() == dimensions;
        if (!fits) {
            throw new IllegalArgumentException(
                    "targets of %s must be %s: type=%s, shape=%s"
                            .formatted(
                                    this,
                                    this == NATS ? "(B, T) int64" : "(B) float32",
                                    targets.getDataType(),
                                    targets.getShape()));
        }
    }
}
